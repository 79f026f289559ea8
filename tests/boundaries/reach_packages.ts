import { dirname, join, normalize } from "node:path/posix";
import { parseSource } from "./parse_source.ts";
import type { Source } from "./list_sources.ts";

/** The packages that starting a module loads: what it and its static imports name. */
export function reachPackages(
  entry: string,
  sources: readonly Source[],
): Set<string> {
  return reach(entry, sources).packages;
}

/** The files that starting a module loads, itself among them. */
export function reachFiles(entry: string, sources: readonly Source[]): Set<string> {
  return reach(entry, sources).files;
}

function reach(entry: string, sources: readonly Source[]) {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const packages = new Set<string>();
  const files = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    files.add(path);
    const text = texts.get(path);
    if (text === undefined) {
      throw new Error(`Cannot follow "${path}": there is no such file`);
    }
    for (const { specifier, kind } of parseSource(path, text).imports) {
      if (kind !== "static") continue;
      if (specifier.startsWith(".")) {
        waiting.push(normalize(join(dirname(path), specifier)));
      } else packages.add(specifier);
    }
  }
  return { packages, files };
}

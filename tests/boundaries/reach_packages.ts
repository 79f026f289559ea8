import { dirname, join, normalize } from "node:path/posix";
import { parseSource } from "./parse_source.ts";
import type { Source } from "./list_sources.ts";

/** The packages that starting a module loads: what it and its static imports name. */
export function reachPackages(
  entry: string,
  sources: readonly Source[],
): Set<string> {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const packages = new Set<string>();
  const seen = new Set<string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
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
  return packages;
}

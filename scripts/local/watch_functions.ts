import { relative, sep } from "node:path";
import { FUNCTIONS_FOLDER } from "./repository.ts";

const SETTLE_MILLISECONDS = 200;

/**
 * Which functions a changed file belongs to: its own folder's, or all of them for shared code.
 * Tests and editors' temporary files belong to none.
 */
export function affectedFunctions(path: string, names: string[]): string[] {
  const [folder = "", ...rest] = path.split(sep);
  const file = rest.at(-1) ?? "";
  if (!/\.(ts|json)$/.test(file) || file.startsWith(".") || file.endsWith("_test.ts")) return [];
  return folder.startsWith("_") ? names : names.filter((name) => name === folder);
}

/** Calls `restart` with the names of functions whose files changed, once per burst of changes. */
export function watchFunctions(
  names: string[],
  restart: (names: string[]) => void,
): { stop(): void } {
  const watcher = Deno.watchFs(FUNCTIONS_FOLDER, { recursive: true });
  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  void (async () => {
    for await (const { kind, paths } of watcher) {
      if (kind === "access" || kind === "any" || kind === "other") continue;
      for (const path of paths) {
        affectedFunctions(relative(FUNCTIONS_FOLDER, path), names).forEach((name) =>
          changed.add(name)
        );
      }
      if (changed.size === 0) continue;
      clearTimeout(timer);
      timer = setTimeout(() => {
        restart([...changed].sort());
        changed.clear();
      }, SETTLE_MILLISECONDS);
    }
  })();
  return {
    stop() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

export type Source = { path: string; text: string };

/** Every TypeScript file below the given folders, with paths from the repository's root. */
export async function listSources(...folders: string[]): Promise<Source[]> {
  const sources: Source[] = [];
  for (const folder of folders) {
    const entries = await readdir(join(ROOT, folder), { recursive: true });
    for (const entry of entries.filter((name) => name.endsWith(".ts")).sort()) {
      const path = `${folder}/${entry.replaceAll("\\", "/")}`;
      sources.push({ path, text: await readFile(join(ROOT, path), "utf8") });
    }
  }
  return sources;
}

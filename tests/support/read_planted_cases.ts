import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../boundaries/list_sources.ts";

/**
 * The JSON between `$<tag>$` and `$<tag>$` of a SQL file: cases that a test in SQL and one in TypeScript
 * are both held to.
 */
export async function readPlantedCases<Case>(path: string, tag: string): Promise<Case[]> {
  const text = await readFile(join(ROOT, path), "utf8");
  const [, planted] = text.split(`$${tag}$`);
  if (planted === undefined) throw new Error(`Cannot read "${path}": it has no $${tag}$`);
  return JSON.parse(planted);
}

import { join } from "node:path";
import { REPOSITORY } from "../repository.ts";

const SERVICE_FOLDERS = [
  "tests/integration",
  "tests/e2e",
  "tests/faults",
  "tests/rehearsal",
  "tests/releases",
  "tests/docs",
];
const SKIPPED = new Set(["node_modules", ".local", ".git"]);

async function* walk(folder: string): AsyncGenerator<string> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(join(REPOSITORY, folder))) {
      if (SKIPPED.has(name)) continue;
      const path = `${folder}/${name}`;
      if (isDirectory) yield* walk(path);
      else if (/_test\.tsx?$/.test(name)) yield path;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The test files below these folders, relative to the checkout, in order. */
export async function findTests(folders: string[]): Promise<string[]> {
  const files: string[] = [];
  for (const folder of folders) for await (const file of walk(folder)) files.push(file);
  return files.sort();
}

/** Seconds each, in processes or a database of their own: not for every look at a change. */
const HEAVY_TESTS = [
  "supabase/functions/_shared/providers/extraction/limits_test.ts",
  "tests/knowledge/search_quality_test.ts",
];

const findWithoutService = async () =>
  (await findTests(["supabase", "scripts", "tests", "bench"]))
    .filter((file) => !SERVICE_FOLDERS.some((folder) => file.startsWith(`${folder}/`)));

/** Tests that need no service: all but those in the folders of the running stack, and the heavy ones. */
export async function findUnitTests(): Promise<string[]> {
  return (await findWithoutService()).filter((file) => !HEAVY_TESTS.includes(file));
}

/** The heavy ones. Throws where one isn't where the list says, so that none is run by nobody. */
export async function findHeavyTests(): Promise<string[]> {
  const files = await findWithoutService();
  for (const file of HEAVY_TESTS) {
    if (!files.includes(file)) throw new Error(`Cannot find "${file}": it has moved`);
  }
  return HEAVY_TESTS;
}

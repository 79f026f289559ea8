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

/** Tests that need no service: all but those in the folders of the running stack. */
export async function findUnitTests(): Promise<string[]> {
  const files = await findTests(["supabase", "scripts", "tests", "bench"]);
  return files.filter((file) => !SERVICE_FOLDERS.some((folder) => file.startsWith(`${folder}/`)));
}

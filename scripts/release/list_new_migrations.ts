import { join } from "node:path";
import { listMigrations } from "../local/migrate_database.ts";
import { REPOSITORY } from "../local/repository.ts";
import { readPreviousRelease, type Release } from "./read_releases.ts";
import { listReleased } from "./run_git.ts";

const FOLDER = "supabase/migrations";

/**
 * Paths of the migrations that the previous release doesn't have, in their order. Throws
 * StackError when the release isn't in this clone.
 */
export async function listNewMigrations(
  { folder = REPOSITORY, release }: { folder?: string; release?: Release } = {},
): Promise<string[]> {
  const previous = release ?? await readPreviousRelease(folder);
  const released = new Set(await listReleased(previous, FOLDER, folder));
  return (await listMigrations(join(folder, FOLDER)))
    .map(({ file }) => `${FOLDER}/${file}`)
    .filter((path) => !released.has(path))
    .map((path) => join(folder, path));
}

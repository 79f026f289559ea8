import { join } from "node:path";
import * as z from "zod";
import { listMigrations } from "../../local/migrate_database.ts";
import { ReleaseError } from "../release_error.ts";
import { type CliResult, databaseRemote, explainCli } from "../run_cli.ts";
import type { ReleaseContext } from "../release_context.ts";

const listSchema = z.object({
  migrations: z.array(z.object({ local: z.string(), remote: z.string() })),
});

export type MigrationState = {
  /** File names that the project doesn't have yet, in order. */
  pending: string[];
  /** Versions that the project has and this checkout doesn't. */
  foreign: string[];
};

/** @throws ReleaseError `unreachable` where the CLI can't say */
export async function listPendingMigrations(
  { target, runCli, checkout }: Pick<ReleaseContext, "target" | "runCli" | "checkout">,
): Promise<MigrationState> {
  const result = await runCli([
    "migration",
    "list",
    databaseRemote(target),
    "--output-format=json",
  ]);
  const rows = parseMigrationList(result, target.ref);
  const files = await listMigrations(join(checkout.folder, "supabase", "migrations"));
  const applied = new Set(rows.map(({ remote }) => remote).filter(Boolean));
  const known = new Set(files.map(({ version }) => version));
  return {
    pending: files.filter(({ version }) => !applied.has(version)).map(({ file }) => file),
    foreign: [...applied].filter((version) => !known.has(version)),
  };
}

export function parseMigrationList(
  result: CliResult,
  ref: string,
): { local: string; remote: string }[] {
  if (result.success) {
    try {
      return listSchema.parse(JSON.parse(result.stdout)).migrations;
    } catch {
      // Told below.
    }
  }
  throw new ReleaseError(
    "unreachable",
    `Cannot list the migrations of "${ref}": ${explainCli(result)}`,
  );
}

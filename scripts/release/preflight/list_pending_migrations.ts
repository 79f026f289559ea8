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
  /** Versions that the project has and this checkout doesn't: of a newer one, perhaps. */
  foreign: string[];
  /** Versions of another product, which was in the project before ours. */
  others: string[];
};

const OWN_VERSION = /^\d{14}$/;

/** Splits what a checkout doesn't have: ours are 14 digits, and not from before our first. */
export function splitForeign(
  applied: Iterable<string>,
  files: readonly { version: string }[],
): Pick<MigrationState, "foreign" | "others"> {
  const known = new Set(files.map(({ version }) => version));
  const first = files[0]?.version ?? "";
  const isOurs = (version: string) => OWN_VERSION.test(version) && version >= first;
  const absent = [...applied].filter((version) => !known.has(version));
  return { foreign: absent.filter(isOurs), others: absent.filter((one) => !isOurs(one)) };
}

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
  return {
    pending: files.filter(({ version }) => !applied.has(version)).map(({ file }) => file),
    ...splitForeign(applied, files),
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

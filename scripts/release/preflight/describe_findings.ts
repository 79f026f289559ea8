import { join } from "node:path";
import { listMigrations } from "../../local/migrate_database.ts";
import type { Finding } from "../check_migrations.ts";
import { ReleaseError } from "../release_error.ts";
import type { ReleaseContext } from "../release_context.ts";

/**
 * Tells what the pending migrations would destroy or lock, in words for the progress line.
 * @throws ReleaseError `failed` where there is such a thing and no reason was given to accept it
 */
export async function describeFindings(
  { checkMigrations, checkout, options, tell }: Pick<
    ReleaseContext,
    "checkMigrations" | "checkout" | "options" | "tell"
  >,
  files: readonly string[],
): Promise<string> {
  const folder = join(checkout.folder, "supabase", "migrations");
  // A project that has none of them yet has nothing that they could take away or hold up.
  if (files.length === (await listMigrations(folder)).length) return "the project's first";
  const findings = await checkMigrations(files.map((file) => join(folder, file)));
  // How a statement is written holds nobody up.
  const serious = findings.filter(({ kind }) => kind !== "form");
  for (const finding of serious) tell(describe(finding));
  if (serious.length === 0) return "nothing destructive";
  if (options.accept !== null) return `${serious.length} findings ACCEPTED: ${options.accept}`;
  throw new ReleaseError(
    "failed",
    `Cannot apply ${serious.length} statements that destroy or lock (above): mend them, accept each ` +
      'where it stands by "-- accepted <rule>: <reason>", or give --accept "<reason>"',
  );
}

function describe({ file, line, kind, rule, statement }: Finding): string {
  return `${file.split("/").at(-1)}:${line} ${kind} (${rule}): ${statement}`;
}

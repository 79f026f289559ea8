import { join } from "node:path";
import { listMigrations } from "../local/migrate_database.ts";
import { splitForeign } from "../release/preflight/list_pending_migrations.ts";
import { advise, fail, type Finding, pass } from "./finding.ts";
import type { ReleasedProject } from "./project.ts";

/**
 * The checkout's migrations against those that the project has, by their versions.
 * @param command the release of this project
 */
export function judgeMigrations(
  files: readonly { version: string; file: string }[],
  applied: readonly string[],
  command: string,
): Finding[] {
  const pending = files.filter(({ version }) => !applied.includes(version));
  const { foreign, others } = splitForeign(applied, files);
  const findings: Finding[] = [];
  if (pending.length > 0) {
    const first = pending[0]!.file;
    const detail = `${pending.length} are not applied, the first is ${first}`;
    findings.push(fail("migrations", detail, command));
  }
  if (foreign.length > 0) {
    const detail = `the project has ${foreign.length} that this checkout doesn't: ${foreign[0]}`;
    findings.push(advise("migrations", detail, "git pull: the project is ahead of this checkout"));
  }
  const beside = others.length === 0 ? "" : `, beside ${others.length} of another product`;
  return findings.length > 0
    ? findings
    : [pass("migrations", `${files.length} are applied${beside}`)];
}

export async function checkMigrations(
  { management, target, folder, deployCommand }: ReleasedProject,
): Promise<Finding[]> {
  const [files, rows] = await Promise.all([
    listMigrations(join(folder, "supabase", "migrations")),
    management.queryDatabase(
      target.ref,
      "select version from supabase_migrations.schema_migrations",
      { readOnly: true },
    ),
  ]);
  return judgeMigrations(files, rows.map(({ version }) => String(version)), deployCommand);
}

import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { listMigrations } from "./local/migrate_database.ts";
import { printError, printLine } from "./local/print_line.ts";
import { REPOSITORY } from "./local/repository.ts";
import { checkMigrations, type Finding } from "./release/check_migrations.ts";
import { listNewMigrations } from "./release/list_new_migrations.ts";

const HELP =
  `Say what migrations would destroy, and what they hold up while they run. Nothing is executed.

  deno run -A scripts/check_migrations.ts [options] [file…]

  Without a file: the migrations that the newest release of supabase/releases.json doesn't have.

  --all      every migration of this checkout
  --json     the findings as JSON
  --help

Exits 1 when there is a finding. One that is meant is accepted where it stands, with its reason:

  -- accepted drop_index: the unique constraint above has one of its own
  drop index public.idx_agents_org_role;
`;

function describe({ file, line, kind, rule, statement, message }: Finding): string {
  return `${relative(REPOSITORY, file)}:${line}: ${kind} ${rule}\n  ${statement}\n  ${message}`;
}

async function chooseFiles(positionals: string[], { all }: { all: boolean }): Promise<string[]> {
  if (positionals.length > 0) return positionals;
  if (!all) return await listNewMigrations();
  const folder = join(REPOSITORY, "supabase", "migrations");
  return (await listMigrations(folder)).map(({ file }) => join(folder, file));
}

/** Runs the checks. Gives the text to print and whether there was nothing to find. */
export async function describeMigrations(
  args: string[],
): Promise<{ text: string; passed: boolean }> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return { text: HELP, passed: true };
  const files = await chooseFiles(positionals, values);
  const findings = await checkMigrations(files);
  const text = values.json
    ? JSON.stringify(findings, null, 2)
    : [...findings.map(describe), `${files.length} migrations, ${findings.length} findings`].join(
      "\n",
    );
  return { text, passed: findings.length === 0 };
}

if (import.meta.main) {
  try {
    const { text, passed } = await describeMigrations(Deno.args);
    printLine(text.trimEnd());
    if (!passed) Deno.exit(1);
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}

import { join } from "node:path";
import { parseArgs } from "node:util";
import { generateTypes } from "./local/generate_types.ts";
import { printError, printLine } from "./local/print_line.ts";
import { FUNCTIONS_FOLDER, REPOSITORY } from "./local/repository.ts";
import { StackError } from "./local/stack_error.ts";
import { withDatabase } from "./local/with_database.ts";

const HELP = `Write supabase/functions/_shared/database.types.ts from the migrations.

  deno run -A scripts/types.ts [options]

  --check                fail when the file is out of date, and leave it as it is
  --database-url <url>   a migrated database; without it a throw-away one is made
  --help
`;

const FILE = join(FUNCTIONS_FOLDER, "_shared", "database.types.ts");

async function writeTypes(databaseUrl: string, { check }: { check: boolean }): Promise<void> {
  const types = await generateTypes(databaseUrl);
  const known = await Deno.readTextFile(FILE).catch(() => "");
  if (!check) {
    await Deno.writeTextFile(FILE, types);
    printLine(types === known ? "types are unchanged" : "types are written");
  } else if (types !== known) {
    throw new StackError(
      `Cannot accept "_shared/database.types.ts": the migrations say otherwise; run deno run -A scripts/types.ts`,
    );
  }
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      args: Deno.args,
      options: {
        check: { type: "boolean", default: false },
        "database-url": { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    const { check } = values;
    const databaseUrl = values["database-url"];
    if (values.help) printLine(HELP);
    else if (databaseUrl !== undefined) await writeTypes(databaseUrl, { check });
    else await withDatabase(join(REPOSITORY, ".local"), (url) => writeTypes(url, { check }));
    Deno.exit(0);
  } catch (error) {
    printError(error instanceof StackError ? error.message : String(error));
    Deno.exit(1);
  }
}

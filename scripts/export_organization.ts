import { type RunExport, runExport } from "./erasing/run_export.ts";
import { runMain } from "./erasing/run_main.ts";
import { printLine } from "./local/print_line.ts";

const HELP =
  `Writes all that is kept of an organization into a new folder: a file of JSON lines for each table.

  deno run -A scripts/export_organization.ts --org <id>
      --to <folder> [--actor <who>] [--without-files]

  --org       the organization's id
  --to        a folder that doesn't exist; it appears when all is written
  --actor     who exports, for the record; your login name unless given

outside.jsonl lists recordings and documents in Storage and what Vapi has; recordings and documents
themselves are in files/, unless --without-files leaves them out. Of what Vapi has only the ids are
there. Secrets stay where they are.
Reads SUPABASE_URL and SUPABASE_SECRET_KEYS (or SUPABASE_SERVICE_ROLE_KEY).
`;

/** Writes it. Gives the text to print; throws one clear sentence. */
export function exportOrganization(args: string[], options: RunExport = {}): Promise<string> {
  return runExport(args, { person: false, help: HELP }, options);
}

if (import.meta.main) {
  await runMain(async () => {
    printLine((await exportOrganization(Deno.args)).trimEnd());
    return true;
  });
}

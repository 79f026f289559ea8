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

outside.jsonl lists recordings and documents in Storage and what Vapi has. Recordings and documents
themselves are in files/, each call as Vapi has it is in vapi/calls/; --without-files leaves all of
these out. Of assistants, tools and files at Vapi, which are made of what is exported, only the ids
are there. Calls that Vapi doesn't have any more are named, and without CREDENTIAL_KEYS or a
connection to Vapi calls are ids too; where Vapi is down or refuses the key, nothing is exported.
Credentials stay where they are.
Reads SUPABASE_URL and SUPABASE_SECRET_KEYS (or SUPABASE_SERVICE_ROLE_KEY), for calls
CREDENTIAL_KEYS and VAPI_API_URL.
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

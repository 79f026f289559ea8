import { type RunErase, runErase } from "./erasing/run_erase.ts";
import { runMain } from "./erasing/run_main.ts";
import { printLine } from "./local/print_line.ts";

const HELP = `Erases an organization. Without --confirm it shows what would be, and does nothing.

  deno run -A scripts/erase_organization.ts --org <id>
      [--confirm <name of the organization>] [--force] [--actor <who>]

  --org       the organization's id
  --confirm   erase, of the organization that has exactly this name
  --force     although calls are going on, and without what a provider doesn't let go of
  --actor     who erases, for the record; your login name unless given

First all that is at its providers (assistants, tools, files, calls, the number's binding, the
webhook's subscription) and in Storage, then the rows. Cut off, it goes on when it is run again.
What a provider still has is printed; then no row is deleted, and it exits 1. Reads SUPABASE_URL,
SUPABASE_SECRET_KEYS (or SUPABASE_SERVICE_ROLE_KEY), CREDENTIAL_KEYS, and what reaches the providers.
`;

/** Does what the arguments say. Answers whether all of it was done; throws one clear sentence. */
export function eraseOrganization(args: string[], options: RunErase): Promise<boolean> {
  return runErase(args, { person: false, help: HELP }, options);
}

if (import.meta.main) await runMain(() => eraseOrganization(Deno.args, { print: printLine }));

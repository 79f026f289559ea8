import { type RunErase, runErase } from "./erasing/run_erase.ts";
import { runMain } from "./erasing/run_main.ts";
import { printLine } from "./local/print_line.ts";

const HELP =
  `Erases a person's data within one organization. Without --confirm it shows what would be, and does nothing.

  deno run -A scripts/erase_person.ts --org <id> (--phone <number> | --bsuid <id> | --contact <id>)
      [--confirm <name of the organization>] [--force] [--actor <who>]

  --org       the organization's id
  --phone     the person's number, however it is written
  --bsuid     or their WhatsApp user id
  --contact   or the id of their contact
  --confirm   erase, of the organization that has exactly this name
  --force     although calls are going on, and without what a provider doesn't let go of
  --actor     who erases, for the record; your login name unless given

First their calls at Vapi and recordings in Storage, then the rows. What calls and turns cost stays
without the person; who comes back is somebody new. Cut off, it goes on when it is run again.
What a provider still has is printed; then no row is deleted, and it exits 1. Reads SUPABASE_URL,
SUPABASE_SECRET_KEYS (or SUPABASE_SERVICE_ROLE_KEY), CREDENTIAL_KEYS, and what reaches the providers.
`;

/** Does what the arguments say. Answers whether all of it was done; throws one clear sentence. */
export function erasePerson(args: string[], options: RunErase): Promise<boolean> {
  return runErase(args, { person: true, help: HELP }, options);
}

if (import.meta.main) await runMain(() => erasePerson(Deno.args, { print: printLine }));

import { parseArgs } from "node:util";
import type { EraseDataPorts } from "../supabase/functions/_shared/services/erase_data.ts";
import { createErasePorts, type Read } from "./erasing/create_ports.ts";
import { erase } from "./erasing/erase.ts";
import { ORGANIZATION_OPTIONS, readSubject } from "./erasing/read_subject.ts";
import { printError, printLine } from "./local/print_line.ts";

const HELP = `Erases an organization. Without --confirm it shows what would be, and does nothing.

  deno run -A scripts/erase_organization.ts --org <id>
      [--confirm <name of the organization>] [--force]

  --org       the organization's id
  --confirm   erase, of the organization that has exactly this name
  --force     although calls are going on, and without what a provider doesn't let go of

First all that is at its providers (assistants, tools, files, calls, the number's binding, the
webhook's subscription) and in Storage, then the rows. Cut off, it goes on when it is run again.
What a provider still has is printed; then no row is deleted, and it exits 1. Reads SUPABASE_URL,
SUPABASE_SECRET_KEYS (or SUPABASE_SERVICE_ROLE_KEY), CREDENTIAL_KEYS, and what reaches the providers.
`;

/** Does what the arguments say. Answers whether all of it was done; throws one clear sentence. */
export async function eraseOrganization(
  args: string[],
  { print, read = (name) => Deno.env.get(name), createPorts = createErasePorts }: {
    print: (line: string) => void;
    read?: Read;
    createPorts?: (read: Read) => EraseDataPorts;
  },
): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      ...ORGANIZATION_OPTIONS,
      confirm: { type: "string" },
      force: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(HELP.trimEnd());
    return true;
  }
  const subject = readSubject(values, { person: false });
  const { confirm, force } = values;
  return await erase(createPorts(read), { subject, confirm, force, print });
}

if (import.meta.main) {
  try {
    if (!await eraseOrganization(Deno.args, { print: printLine })) Deno.exit(1);
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}

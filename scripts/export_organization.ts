import { parseArgs } from "node:util";
import type { EraseDataPorts } from "../supabase/functions/_shared/services/erase_data.ts";
import { createExportPorts, type Read } from "./erasing/create_ports.ts";
import { exportData } from "./erasing/export_data.ts";
import { ORGANIZATION_OPTIONS, readSubject } from "./erasing/read_subject.ts";
import { printError, printLine } from "./local/print_line.ts";

const HELP =
  `Writes all that is kept of an organization into a new folder: a file of JSON lines for each table.

  deno run -A scripts/export_organization.ts --org <id>
      --to <folder>

  --org       the organization's id
  --to        a folder that doesn't exist; it appears when all is written

outside.jsonl lists recordings and documents in Storage and what Vapi has. Secrets stay where they are.
Reads SUPABASE_URL and SUPABASE_SECRET_KEYS (or SUPABASE_SERVICE_ROLE_KEY).
`;

/** Writes it. Gives the text to print; throws one clear sentence. */
export async function exportOrganization(
  args: string[],
  { read = (name) => Deno.env.get(name), createPorts = createExportPorts }: {
    read?: Read;
    createPorts?: (read: Read) => Pick<EraseDataPorts, "erasure">;
  } = {},
): Promise<string> {
  const { values } = parseArgs({
    args,
    options: {
      ...ORGANIZATION_OPTIONS,
      to: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return HELP;
  const subject = readSubject(values, { person: false });
  if (values.to === undefined || values.to.trim() === "") {
    throw new Error("Cannot export: --to is needed (see --help)");
  }
  const folder = values.to.replace(/\/+$/, "");
  const counts = await exportData(createPorts(read), { subject, folder });
  const lines = Object.entries(counts).map(([table, rows]) => `${rows}  ${table}`);
  return [...lines, `written to ${folder}`].join("\n");
}

if (import.meta.main) {
  try {
    printLine((await exportOrganization(Deno.args)).trimEnd());
  } catch (error) {
    printError((error as Error).message);
    Deno.exit(1);
  }
}

import { parseArgs } from "node:util";
import type { EraseDataPorts } from "../../supabase/functions/_shared/services/erase_data.ts";
import { createErasePorts, type Read } from "./create_ports.ts";
import { erase } from "./erase.ts";
import { ORGANIZATION_OPTIONS, PERSON_OPTIONS, readSubject } from "./read_subject.ts";

export type RunErase = {
  print: (line: string) => void;
  read?: Read;
  createPorts?: (read: Read) => EraseDataPorts;
};

/** Does what the arguments say. Answers whether all of it was done; throws one clear sentence. */
export async function runErase(
  args: string[],
  { person, help }: { person: boolean; help: string },
  { print, read = (name) => Deno.env.get(name), createPorts = createErasePorts }: RunErase,
): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      ...(person ? PERSON_OPTIONS : ORGANIZATION_OPTIONS),
      confirm: { type: "string" },
      force: { type: "boolean", default: false },
      actor: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    print(help.trimEnd());
    return true;
  }
  const subject = readSubject(values, { person });
  const { confirm, force } = values;
  const actor = values.actor ?? read("USER");
  return await erase(createPorts(read), { subject, confirm, force, actor, print });
}

import { parseArgs } from "node:util";
import { createExportPorts, type ExportPorts, type Read } from "./create_ports.ts";
import { exportData } from "./export_data.ts";
import { ORGANIZATION_OPTIONS, PERSON_OPTIONS, readSubject } from "./read_subject.ts";
import type { CallsWritten } from "./write_calls.ts";

export type RunExport = {
  read?: Read;
  createPorts?: (read: Read) => ExportPorts;
};

/** Writes what the arguments name. Gives the text to print; throws one clear sentence. */
export async function runExport(
  args: string[],
  { person, help }: { person: boolean; help: string },
  { read = (name) => Deno.env.get(name), createPorts = createExportPorts }: RunExport,
): Promise<string> {
  const { values } = parseArgs({
    args,
    options: {
      ...(person ? PERSON_OPTIONS : ORGANIZATION_OPTIONS),
      to: { type: "string" },
      actor: { type: "string" },
      "without-files": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return help;
  const subject = readSubject(values, { person });
  if (values.to === undefined || values.to.trim() === "") {
    throw new Error("Cannot export: --to is needed (see --help)");
  }
  const folder = values.to.replace(/\/+$/, "");
  const actor = values.actor ?? read("USER");
  const { rows, files, calls } = await exportData(createPorts(read), {
    subject,
    folder,
    actor,
    withFiles: !values["without-files"],
  });
  return [
    ...Object.entries(rows).map(([table, count]) => `${count}  ${table}`),
    ...(files === null ? [] : [
      `${files.recordings}  recordings`,
      `${files.documents}  documents`,
      ...files.missing.map((path) => `not in Storage  ${path}`),
    ]),
    ...(calls === null ? [] : describeCalls(calls)),
    `written to ${folder}`,
  ].join("\n");
}

function describeCalls({ written, missing, ids_only, unreadable }: CallsWritten): string[] {
  return [
    `${written}  calls as Vapi has them`,
    ...missing.map((id) => `not at Vapi  ${id}`),
    ...(ids_only === 0 ? [] : [`${ids_only}  calls by their ids alone: ${unreadable}`]),
  ];
}

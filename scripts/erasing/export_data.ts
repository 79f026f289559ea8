import { join } from "node:path";
import type { KeptOutside, Subject } from "../../supabase/functions/_shared/ports_erasing.ts";
import { isPerson } from "../../supabase/functions/_shared/services/erase_data.ts";
import { listKeptOutside } from "../../supabase/functions/_shared/services/list_kept_outside.ts";
import { readKeptData } from "../../supabase/functions/_shared/services/read_kept_data.ts";
import type { ExportPorts } from "./create_ports.ts";
import { openCalls } from "./open_calls.ts";
import { type CallsWritten, writeCalls } from "./write_calls.ts";
import { type FilesWritten, writeFiles } from "./write_files.ts";

/** Rows of each table; files and calls are null where they were left out. */
export type Exported = {
  rows: { [table: string]: number };
  files: FilesWritten | null;
  calls: CallsWritten | null;
};

/**
 * Writes every row as a line of JSON, a file for each table; what is kept outside into
 * `outside.jsonl` (calls with their recordings' paths, documents, ids at Vapi), the recordings and
 * documents themselves into `files/`, and calls as Vapi has them into `vapi/calls/`. Assistants, tools
 * and files at Vapi are made of what is here and are there by their ids alone, which the manifest says.
 * It is written beside the folder and renamed at the end: a folder that is there is whole. Answers rows
 * per table, the files and the calls.
 */
export async function exportData(
  ports: ExportPorts,
  { subject, folder, actor, withFiles }: {
    subject: Subject;
    folder: string;
    actor: string | undefined;
    withFiles: boolean;
  },
): Promise<Exported> {
  if (await exists(folder)) throw new Error(`Cannot export to "${folder}": it exists already`);
  const kept = await ports.erasure.listKeptData(subject);
  if (kept.code === "not_found") {
    throw new Error(`Cannot export "${subject.org_id}": nobody is known by that`);
  }
  // Before all the rest: keys that don't open it are known at once.
  const source = withFiles ? await openCalls(ports, subject) : null;
  const partial = `${folder}.partial`;
  // Of an export that was cut off.
  if (await exists(partial)) await Deno.remove(partial, { recursive: true });
  await Deno.mkdir(partial, { recursive: true, mode: 0o700 });
  const counts: { [table: string]: number } = {};
  const places = kept.places.filter(({ told }) => !told);
  for await (const { table, rows } of readKeptData(ports, { subject, places })) {
    await append(join(partial, `${table}.jsonl`), rows);
    counts[table] = (counts[table] ?? 0) + rows.length;
  }
  const files = withFiles ? { recordings: 0, documents: 0, missing: [] } : null;
  const calls = withFiles ? { written: 0, missing: [], ids_only: 0, unreadable: null } : null;
  let configuration = 0;
  for await (const page of listKeptOutside(ports, { subject })) {
    await append(join(partial, "outside.jsonl"), describeOutside(page));
    if (files !== null) {
      await writeFiles(ports.readFile, { page, folder: partial, written: files });
    }
    if (source !== null && calls !== null) {
      await writeCalls(source, { page, folder: partial, written: calls });
    }
    configuration += page.assistant_ids.length + page.knowledge_tool_ids.length +
      page.knowledge_file_ids.length;
  }
  const manifest = {
    organization: kept.name,
    ...subject,
    rows: counts,
    files: files ?? "left out: see outside.jsonl",
    vapi_calls: calls ?? "left out: their ids are in outside.jsonl",
    only_ids_of_vapi_assistants_tools_and_files: configuration,
  };
  await Deno.writeTextFile(
    join(partial, "manifest.json"),
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
  // Nothing is there that isn't recorded.
  await ports.erasure.recordExport({
    org_id: subject.org_id,
    is_person: isPerson(subject),
    request_id: `export-${crypto.randomUUID()}`,
    rows: counts,
    ...(actor === undefined ? {} : { actor }),
  });
  await Deno.rename(partial, folder);
  return { rows: counts, files, calls };
}

function describeOutside(page: KeptOutside): object[] {
  return [
    ...page.calls.map(({ vapi_call_id, recording_storage_path }) => ({
      kind: "call",
      vapi_call_id,
      recording_storage_path,
    })),
    ...page.files.map((path) => ({ kind: "document", path })),
    ...page.assistant_ids.map((id) => ({ kind: "assistant", id })),
    ...page.knowledge_tool_ids.map((id) => ({ kind: "tool", id })),
    ...page.knowledge_file_ids.map((id) => ({ kind: "file", id })),
  ];
}

async function append(path: string, rows: object[]): Promise<void> {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  await Deno.writeTextFile(path, text, { append: true, mode: 0o600 });
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

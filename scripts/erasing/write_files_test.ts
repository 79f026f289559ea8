import assert from "node:assert/strict";
import { join } from "node:path";
import type { KeptOutside } from "../../supabase/functions/_shared/ports_erasing.ts";
import { type FilesWritten, writeFiles } from "./write_files.ts";

const call = (id: string, recording_storage_path: string | null) => ({
  id,
  vapi_call_id: `v-${id}`,
  recording_storage_path,
});
const PAGE: KeptOutside = {
  in_progress: 0,
  calls: [call("1", "org/v-1.wav"), call("2", null), call("3", "org/gone.wav")],
  last: null,
  call_requests: [],
  files: ["../../etc/menu.pdf"],
  assistant_ids: [],
  knowledge_tool_ids: [],
  knowledge_file_ids: [],
};

Deno.test("recordings and documents are written below the folder, and what is missing is said", async () => {
  const parent = await Deno.makeTempDir();
  try {
    const folder = join(parent, "export");
    const written: FilesWritten = { recordings: 0, documents: 0, missing: [] };
    await writeFiles(
      (kind, path) =>
        Promise.resolve(
          path.includes("gone") ? null : new Blob([`${kind} ${path}`]).stream(),
        ),
      { page: PAGE, folder, written },
    );
    assert.deepEqual(written, {
      recordings: 1,
      documents: 1,
      missing: ["recordings/org/gone.wav"],
    });
    const read = (...path: string[]) => Deno.readTextFile(join(folder, "files", ...path));
    assert.equal(await read("recordings", "org", "v-1.wav"), "recordings org/v-1.wav");
    assert.equal(
      await read("documents", "%2E%2E", "%2E%2E", "etc", "menu.pdf"),
      "documents ../../etc/menu.pdf",
    );
    assert.deepEqual([...Deno.readDirSync(parent)].map(({ name }) => name), ["export"]);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { ProviderError } from "../../supabase/functions/_shared/errors.ts";
import type { JsonObject } from "../../supabase/functions/_shared/ports.ts";
import type { KeptOutside } from "../../supabase/functions/_shared/ports_erasing.ts";
import { type CallsSource, type CallsWritten, writeCalls } from "./write_calls.ts";

const listPage = (...ids: string[]): KeptOutside => ({
  in_progress: 0,
  calls: ids.map((id) => ({ id: `row-${id}`, vapi_call_id: id, recording_storage_path: null })),
  last: null,
  call_requests: [],
  files: [],
  assistant_ids: [],
  knowledge_tool_ids: [],
  knowledge_file_ids: [],
});

/** Names of what is below the folder, and what is told of it. */
async function write(source: CallsSource, ids: string[]) {
  const parent = await Deno.makeTempDir();
  const written: CallsWritten = { written: 0, missing: [], ids_only: 0, unreadable: null };
  try {
    const folder = join(parent, "export");
    await Deno.mkdir(folder);
    await writeCalls(source, { page: listPage(...ids), folder, written });
    assert.deepEqual([...Deno.readDirSync(parent)].map(({ name }) => name), ["export"]);
    const files: { [name: string]: unknown } = {};
    for (
      const { name } of [...Deno.readDirSync(folder)].length === 0
        ? []
        : Deno.readDirSync(join(folder, "vapi", "calls"))
    ) {
      files[name] = JSON.parse(await Deno.readTextFile(join(folder, "vapi", "calls", name)));
    }
    return { files, written };
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

const answering = (readCall: (id: string) => Promise<JsonObject | null>): CallsSource => ({
  client: { readCall },
});

Deno.test("calls are written below the folder as they are, and what Vapi doesn't have is said", async () => {
  const source = answering((id) => Promise.resolve(id === "gone" ? null : { id, turns: [null] }));
  assert.deepEqual(await write(source, ["c-1", "gone", "../../c-2", ".."]), {
    files: {
      "c-1.json": { id: "c-1", turns: [null] },
      "..%2F..%2Fc-2.json": { id: "../../c-2", turns: [null] },
      "%2E%2E.json": { id: "..", turns: [null] },
    },
    written: { written: 3, missing: ["gone"], ids_only: 0, unreadable: null },
  });
});

Deno.test("calls that nobody can ask for are counted, and none is written", async () => {
  assert.deepEqual(await write({ unreadable: "Vapi is not connected" }, ["c-1", "c-2"]), {
    files: {},
    written: { written: 0, missing: [], ids_only: 2, unreadable: "Vapi is not connected" },
  });
});

Deno.test("the first call that can't be read ends it, and no other is asked for then", async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `c-${index}`);
  const asked: string[] = [];
  const source = answering((id) => {
    asked.push(id);
    return Promise.reject(
      new ProviderError("vapi", "unauthorized", "the key is refused", { status: 401 }),
    );
  });
  await assert.rejects(write(source, ids), {
    message: 'Cannot read call "c-0" at Vapi: the key is refused; --without-files leaves calls out',
  });
  assert.ok(asked.length <= 4, asked.join(" "));
});

import assert from "node:assert/strict";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import type { JsonObject } from "../ports.ts";
import { createCallMessages } from "../providers/vapi/create_call_messages.ts";
import { replayDeadLetter } from "./replay_dead_letter.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const HANG = { message: { type: "hang", call: { id: "call-1" } } };

async function replay(payload: JsonObject, sourceId = "vapi:call-1:hang") {
  const ingested: (string | null)[] = [];
  const recorded: (string | null)[] = [];
  const result = await replayDeadLetter({
    deadLetters: {
      listDeadLetters: () => Promise.resolve([]),
      replayDeadLetter: () =>
        Promise.resolve({
          code: "to_process",
          source: "vapi",
          source_id: sourceId,
          org_id: ORG,
          payload,
        }),
      recordReplay: ({ error }) => Promise.resolve(void recorded.push(error)),
      dismissDeadLetter: () => Promise.resolve({ code: "not_found" }),
    },
    calls: {
      ingest: ({ event }) => {
        ingested.push(event.id);
        return Promise.resolve({ code: "ingested", org_id: ORG, context: null });
      },
    },
    messages: createCallMessages(),
    logger: createMemoryLogger([]),
  }, { id: "letter", requestId: "r1" });
  return { result, ingested, recorded };
}

Deno.test("an event is replayed from its body or from its text", async () => {
  const deep = `{"x":${"[".repeat(5_000)}${"]".repeat(5_000)},${JSON.stringify(HANG).slice(1)}`;
  for (const payload of [{ body: HANG }, { text: JSON.stringify(HANG) }, { text: deep }]) {
    const { result, ingested, recorded } = await replay(payload);
    assert.equal(result.outcome, "replayed");
    assert.deepEqual(ingested, ["vapi:call-1:hang"]);
    assert.deepEqual(recorded, [null]);
  }
});

Deno.test("what was kept and is not the event that failed is not replayed", async (test) => {
  const cases: [string, JsonObject, RegExp][] = [
    ["nothing", {}, /is of "vapi::unknown"/],
    ["null", { body: null }, /is of "vapi::unknown"/],
    ["another call's", { body: { message: { type: "hang", call: { id: "call-2" } } } }, /call-2/],
    ["no JSON", { text: "{" }, /no JSON/],
  ];
  for (const [name, payload, reason] of cases) {
    await test.step(name, async () => {
      const { result, ingested, recorded } = await replay(payload);
      assert.ok(result.outcome === "failed");
      assert.match(result.reason, reason);
      assert.deepEqual(ingested, []);
      assert.deepEqual(recorded, [result.reason]);
    });
  }
});

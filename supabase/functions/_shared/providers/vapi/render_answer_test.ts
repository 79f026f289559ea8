import assert from "node:assert/strict";
import type { CallAnswer } from "../../ports_calls.ts";
import { renderAnswer } from "./render_answer.ts";

Deno.test("each answer in Vapi's words", async (test) => {
  const cases: [CallAnswer, unknown][] = [
    [{ kind: "acknowledged" }, {}],
    [{ kind: "assistant", assistantId: "a1" }, { assistantId: "a1" }],
    [{ kind: "spoken", text: "Sorry." }, { error: "Sorry." }],
    [{ kind: "transfer-refused", text: "Nobody." }, { error: "Nobody." }],
    [{ kind: "transfer", number: "+1650", message: null }, {
      destination: { type: "number", number: "+1650" },
    }],
    [{ kind: "transfer", number: "+1650", message: "One moment." }, {
      destination: { type: "number", number: "+1650", message: "One moment." },
    }],
    [{ kind: "documents", documents: [] }, { documents: [] }],
    [
      {
        kind: "tool-results",
        results: [
          { tool_call_id: "t1", tool: "a", result: "one\r\ntwo\u2028three", error: null },
          { tool_call_id: "t2", tool: "b", result: null, error: "no\nway" },
          { tool_call_id: "t3", tool: "c", result: null, error: null },
        ],
      },
      {
        results: [
          { toolCallId: "t1", name: "a", result: "one two three" },
          { toolCallId: "t2", name: "b", error: "no way" },
          { toolCallId: "t3", name: "c", error: "That did not work." },
        ],
      },
    ],
  ];
  for (const [answer, expected] of cases) {
    await test.step(answer.kind, () => assert.deepEqual(renderAnswer(answer), expected));
  }
});

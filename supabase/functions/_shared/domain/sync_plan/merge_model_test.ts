import assert from "node:assert/strict";
import type { Json } from "../../ports.ts";
import { mergeModel } from "./merge_model.ts";

const offered = (name: string, url = "https://us"): Json => ({
  type: "function",
  function: { name },
  server: { url },
});

const CASES: [string, Json, unknown, Json][] = [
  ["no model there", { model: "m", toolIds: [] }, undefined, { model: "m", toolIds: [] }],
  [
    "others' tools are kept behind ours",
    { model: "m", toolIds: ["ours"] },
    { model: "old", toolIds: ["theirs", "ours"], tools: [{ type: "endCall" }] },
    { model: "m", toolIds: ["ours", "theirs"], tools: [{ type: "endCall" }] },
  ],
  [
    "other knobs are not",
    { model: "m", toolIds: [] },
    { model: "old", temperature: 1, realtimeConfig: {} },
    { model: "m", toolIds: [] },
  ],
  [
    "functions of ours are replaced, what people attached is kept behind them",
    { model: "m", tools: [offered("quote"), offered("book")] },
    { tools: [{ type: "endCall" }, offered("book", "old"), offered("theirs", "https://else")] },
    {
      model: "m",
      tools: [
        offered("quote"),
        offered("book"),
        { type: "endCall" },
        offered("theirs", "https://else"),
      ],
    },
  ],
  ["nonsense is left out", { model: "m" }, { toolIds: [1, null], tools: "x" }, { model: "m" }],
];
for (const [name, desired, actual, merged] of CASES) {
  Deno.test(`mergeModel: ${name}`, () => assert.deepEqual(mergeModel(desired, actual), merged));
}

Deno.test("mergeModel: tools of ours that are unwanted go, others' stay", () => {
  const actual = { toolIds: ["retired", "theirs"] };
  assert.deepEqual(
    mergeModel({ model: "m", toolIds: ["ours"] }, actual, {
      unwantedToolIds: ["retired"],
    }),
    {
      model: "m",
      toolIds: ["ours", "theirs"],
    },
  );
});

Deno.test("mergeModel: functions that ask our webhook and aren't wanted go", () => {
  const actual = { tools: [offered("switched_off"), { type: "endCall" }] };
  assert.deepEqual(mergeModel({ model: "m" }, actual, { webhookUrl: "https://us" }), {
    model: "m",
    tools: [{ type: "endCall" }],
  });
  const alone = { tools: [offered("switched_off")] };
  assert.deepEqual(mergeModel({ model: "m" }, alone, { webhookUrl: "https://us" }), { model: "m" });
});

import assert from "node:assert/strict";
import type { Json } from "../../ports.ts";
import { mergeModel } from "./merge_model.ts";

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
    "tools that are wanted are the ones",
    { model: "m", tools: [{ type: "dtmf" }] },
    { tools: [{ type: "endCall" }] },
    { model: "m", tools: [{ type: "dtmf" }] },
  ],
  ["nonsense is left out", { model: "m" }, { toolIds: [1, null], tools: "x" }, { model: "m" }],
];
for (const [name, desired, actual, merged] of CASES) {
  Deno.test(`mergeModel: ${name}`, () => assert.deepEqual(mergeModel(desired, actual), merged));
}

Deno.test("mergeModel: tools of ours that are unwanted go, others' stay", () => {
  const actual = { toolIds: ["retired", "theirs"] };
  assert.deepEqual(mergeModel({ model: "m", toolIds: ["ours"] }, actual, ["retired"]), {
    model: "m",
    toolIds: ["ours", "theirs"],
  });
});

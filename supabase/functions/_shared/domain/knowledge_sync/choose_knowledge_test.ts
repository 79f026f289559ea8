import assert from "node:assert/strict";
import * as fc from "fast-check";
import { AGENT_ROLES, type KnowledgeSettings } from "../../ports.ts";
import { chooseKnowledge } from "./choose_knowledge.ts";
import { describeOutcome } from "./describe_outcome.ts";

const TOOL = { id: "tool", name: "search", key_fingerprint: "fp" };
const settings: KnowledgeSettings = {
  mode: "query_tool",
  has_documents: true,
  tool: TOOL,
  roles: ["inbound", "outbound"],
  retired_tool_ids: [],
};
const asked = { role: "inbound", keyFingerprint: "fp" } as const;

Deno.test("an assistant has the tool, or asks our index, or neither", () => {
  const attached = { id: "tool", name: "search" };
  const cases: [string, Partial<KnowledgeSettings>, string, object][] = [
    ["the tool", {}, "fp", { tool: attached, ownIndex: false, unwantedToolIds: [] }],
    ["none yet", { tool: null }, "fp", { tool: null, ownIndex: false, unwantedToolIds: [] }],
    [
      "another role's",
      { roles: ["outbound"] },
      "fp",
      { tool: null, ownIndex: false, unwantedToolIds: ["tool"] },
    ],
    ["another account's", {}, "fp-2", { tool: null, ownIndex: false, unwantedToolIds: [] }],
    [
      "our own index",
      { mode: "own_index" },
      "fp",
      { tool: null, ownIndex: true, unwantedToolIds: ["tool"] },
    ],
    [
      "our own index, which is empty",
      { mode: "own_index", has_documents: false, tool: null },
      "fp",
      { tool: null, ownIndex: false, unwantedToolIds: [] },
    ],
    [
      "a retired one",
      { retired_tool_ids: ["old", "tool"] },
      "fp",
      { tool: attached, ownIndex: false, unwantedToolIds: ["old"] },
    ],
  ];
  for (const [name, change, keyFingerprint, expected] of cases) {
    const chosen = chooseKnowledge({ ...settings, ...change }, { ...asked, keyFingerprint });
    assert.deepEqual(chosen, expected, name);
  }
  assert.equal(chooseKnowledge(undefined, asked).tool, null);
});

Deno.test("never both, and never a tool that is unwanted", () => {
  const any: fc.Arbitrary<KnowledgeSettings> = fc.record({
    mode: fc.constantFrom("query_tool", "own_index"),
    has_documents: fc.boolean(),
    tool: fc.option(fc.constant(TOOL)),
    roles: fc.subarray([...AGENT_ROLES]),
    retired_tool_ids: fc.subarray(["tool", "old"]),
  });
  fc.assert(
    fc.property(any, fc.constantFrom("fp", "fp-2"), (settings, keyFingerprint) => {
      const { tool, ownIndex, unwantedToolIds } = chooseKnowledge(settings, {
        ...asked,
        keyFingerprint,
      });
      assert.ok(tool === null || !ownIndex);
      assert.ok(tool === null || !unwantedToolIds.includes(tool.id));
    }),
  );
});

Deno.test("a sync succeeds where all of it did, and fails where nothing did", () => {
  const outcome = (documents: string, assistants: string, problems = 0) =>
    describeOutcome({
      documents: documents.split(" ").filter(Boolean).map((status) => ({
        status: status as "synced",
      })),
      assistants: assistants.split(" ").map((status) => ({ status: status as "synced" })),
      problems,
    });
  assert.equal(outcome("synced unchanged", "synced unchanged"), "succeeded");
  assert.equal(outcome("", "unchanged unchanged"), "succeeded");
  assert.equal(outcome("synced failed", "synced synced"), "partially_succeeded");
  assert.equal(outcome("synced pending", "synced synced"), "partially_succeeded");
  assert.equal(outcome("synced", "synced synced", 1), "partially_succeeded");
  assert.equal(outcome("failed", "failed failed"), "failed");
});

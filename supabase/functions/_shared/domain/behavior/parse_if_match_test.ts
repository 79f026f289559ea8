import assert from "node:assert/strict";
import type { AgentRole } from "../../ports.ts";
import { type ExpectedRevisions, parseIfMatch } from "./parse_if_match.ts";

Deno.test("what if-match expects", () => {
  const both: AgentRole[] = ["inbound", "outbound"];
  const cases: [string | null | undefined, AgentRole[], ExpectedRevisions][] = [
    [undefined, both, null],
    [null, both, null],
    ["*", both, null],
    ['"3"', ["inbound"], { inbound: 3 }],
    ["3", ["outbound"], { outbound: 3 }],
    ['W/"12"', ["inbound"], { inbound: 12 }],
    ['inbound="3", outbound="4"', both, { inbound: 3, outbound: 4 }],
    ['outbound = 4,inbound=W/"3"', both, { inbound: 3, outbound: 4 }],
    ['inbound="3", outbound="4"', ["outbound"], { inbound: 3, outbound: 4 }],
  ];
  for (const [header, roles, expected] of cases) {
    assert.deepEqual(parseIfMatch(header, roles), expected, String(header));
  }
});

Deno.test("what it must not be", () => {
  const both: AgentRole[] = ["inbound", "outbound"];
  const cases: [string, AgentRole[], RegExp][] = [
    ['"3"', both, /must name each agent that changes, as in inbound="3", outbound="4"/],
    ['"3"', [], /must name each agent/],
    ["", both, /must not be empty/],
    [" ", ["inbound"], /must not be empty/],
    ['"abc"', ["inbound"], /must be a revision/],
    ['"0"', ["inbound"], /must be a revision/],
    ["-1", ["inbound"], /must be a revision/],
    ['"3", "4"', both, /must be a revision/],
    ['sideways="3"', ["inbound"], /must be a revision/],
    ['inbound="3", inbound="4"', ["inbound"], /names the inbound agent twice/],
    ['inbound="3"', both, /must name the outbound agent, which changes as well/],
  ];
  for (const [header, roles, message] of cases) {
    assert.throws(() => parseIfMatch(header, roles), { code: "invalid_input", message }, header);
  }
});

import assert from "node:assert/strict";
import { findTapFault, parseTap } from "./parse_tap.ts";

Deno.test("a failed assertion keeps what pgTAP says about it", () => {
  const report = parseTap([
    "ok 1 - a member reads",
    'not ok 2 - an outsider reads nothing\n# Failed test 2: "an outsider reads nothing"',
    "#         have: 1\n#         want: 0",
    "1..2",
  ]);
  assert.deepEqual(report, {
    planned: 2,
    assertions: [
      { passed: true, description: "a member reads", diagnostics: [] },
      {
        passed: false,
        description: "an outsider reads nothing",
        diagnostics: [
          'Failed test 2: "an outsider reads nothing"',
          "        have: 1",
          "        want: 0",
        ],
      },
    ],
  });
  assert.equal(findTapFault(report), null);
});

const FAULTS: { name: string; output: string[]; fault: RegExp }[] = [
  { name: "without a plan", output: ["ok 1 - a"], fault: /never calls/ },
  { name: "that stops early", output: ["1..2", "ok 1 - a"], fault: /planned 2 .* made 1/ },
  { name: "without an assertion", output: ["1..0"], fault: /asserts nothing/ },
];
for (const { name, output, fault } of FAULTS) {
  Deno.test(`a file ${name} is at fault`, () => {
    assert.match(findTapFault(parseTap(output)) ?? "", fault);
  });
}

Deno.test("an assertion marked TODO may fail", () => {
  assert.equal(parseTap(["not ok 1 - later # TODO next issue"]).assertions[0]?.passed, true);
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  evaluateFlags,
  explainDecision,
  type FlagDecision,
  isAgentEnabled,
  isFeatureEnabled,
} from "./evaluate_flags.ts";
import { type Flags, SAFE_FLAGS } from "./parse_flags.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const OTHER_ORG = "22222222-2222-4222-8222-222222222222";
/** Falls into bucket 23. */
const KEY = "16505551234";
const subject = { rolloutKey: KEY, orgId: ORG };
const on: Flags = { ...SAFE_FLAGS, unifiedServiceEnabled: true };

Deno.test("the first rule that applies decides", async (test) => {
  const everything: Partial<Flags> = { unifiedServiceRolloutPercent: 100 };
  const cases: [string, Partial<Flags>, FlagDecision["reason"]][] = [
    [
      "below the bucket",
      { unifiedServiceRolloutPercent: 22 },
      "outside_percent",
    ],
    ["at the bucket", { unifiedServiceRolloutPercent: 23 }, "inside_percent"],
    ["nobody", { unifiedServiceRolloutPercent: 0 }, "outside_percent"],
    ["everybody", everything, "inside_percent"],
    ["allowed at 0 %", { allow: [KEY] }, "allowed"],
    ["denied at 100 %", { ...everything, deny: [KEY] }, "denied"],
    [
      "denied and allowed",
      { ...everything, allow: [KEY], deny: [KEY] },
      "denied",
    ],
    [
      "switched off at 100 %",
      { ...everything, unifiedServiceEnabled: false },
      "switched_off",
    ],
    [
      "switched off and allowed",
      { unifiedServiceEnabled: false, allow: [KEY] },
      "switched_off",
    ],
    [
      "switched off and denied",
      { unifiedServiceEnabled: false, deny: [KEY] },
      "switched_off",
    ],
    [
      "switched off, and on for the organization",
      {
        unifiedServiceEnabled: false,
        overrides: { [ORG]: { unifiedServiceEnabled: true } },
      },
      "switched_off",
    ],
    [
      "off for the organization",
      { ...everything, overrides: { [ORG]: { unifiedServiceEnabled: false } } },
      "switched_off",
    ],
    [
      "off for another organization",
      {
        ...everything,
        overrides: { [OTHER_ORG]: { unifiedServiceEnabled: false } },
      },
      "inside_percent",
    ],
    [
      "the organization's own percentage above",
      { overrides: { [ORG]: { unifiedServiceRolloutPercent: 50 } } },
      "inside_percent",
    ],
    [
      "the organization's own percentage below",
      {
        ...everything,
        overrides: { [ORG]: { unifiedServiceRolloutPercent: 5 } },
      },
      "outside_percent",
    ],
    [
      "denied in an organization at 100 %",
      {
        deny: [KEY],
        overrides: { [ORG]: { unifiedServiceRolloutPercent: 100 } },
      },
      "denied",
    ],
    [
      "allowed in an organization at 0 %",
      {
        allow: [KEY],
        overrides: { [ORG]: { unifiedServiceRolloutPercent: 0 } },
      },
      "allowed",
    ],
  ];
  for (const [name, change, reason] of cases) {
    await test.step(name, () => {
      const decision = evaluateFlags({ ...on, ...change }, subject);
      assert.equal(decision.reason, reason);
      assert.equal(
        decision.inside,
        ["allowed", "inside_percent"].includes(reason),
      );
      assert.equal(decision.bucket, 23);
    });
  }
});

Deno.test("the lists name a contact as it is known now, too", async (test) => {
  const now = { ...subject, names: ["250788000002", "RW.2"] };
  const all = { unifiedServiceRolloutPercent: 100 };
  const cases: [string, Partial<Flags>, FlagDecision["reason"], string | null, RegExp][] = [
    ["denied by number", { ...all, deny: ["250788000002"] }, "denied", "250788000002", /"2507.*2"/],
    ["denied by BSUID", { ...all, deny: ["RW.2"] }, "denied", "RW.2", /"RW\.2", as which/],
    ["allowed by number", { allow: ["250788000002"] }, "allowed", "250788000002", /"2507.*2"/],
    ["by the key as ever", { allow: [KEY, "RW.2"] }, "allowed", KEY, /names the rollout key$/],
    ["by both lists", { deny: [KEY], allow: ["RW.2"] }, "denied", KEY, /names the rollout key$/],
    ["by both, the other way", { deny: ["RW.2"], allow: [KEY] }, "denied", "RW.2", /"RW\.2"/],
    ["by neither", { deny: ["250788000003"] }, "outside_percent", null, /bucket 23/],
    [
      "allowed, and switched off",
      { unifiedServiceEnabled: false, allow: ["RW.2"] },
      "switched_off",
      null,
      /switched off/,
    ],
  ];
  for (const [name, change, reason, listed, because] of cases) {
    await test.step(name, () => {
      const decision = evaluateFlags({ ...on, ...change }, now);
      assert.deepEqual([decision.reason, decision.listed, decision.bucket], [reason, listed, 23]);
      assert.match(explainDecision(decision, KEY), because);
    });
  }
});

Deno.test("agents and features follow the flags, the organization's own before all", () => {
  const flags: Flags = {
    ...on,
    unifiedServiceRolloutPercent: 100,
    agentFlags: { ...on.agentFlags, rides: false },
    overrides: {
      [ORG]: {
        agentFlags: { rides: true, jobs: false },
        features: { hybridFlows: false },
      },
    },
  };
  const here = evaluateFlags(flags, subject);
  const there = evaluateFlags(flags, { ...subject, orgId: OTHER_ORG });
  assert.deepEqual(
    (["rides", "jobs", "sales"] as const).map((agent) => [
      isAgentEnabled(here, agent),
      isAgentEnabled(there, agent),
    ]),
    [[true, false], [false, true], [true, true]],
  );
  assert.equal(isFeatureEnabled(here, "hybridFlows"), false);
  assert.equal(isFeatureEnabled(there, "hybridFlows"), true);
});

Deno.test("outside the rollout no agent and no feature is on", () => {
  const decision = evaluateFlags(on, subject);
  assert.equal(isAgentEnabled(decision, "sales"), false);
  assert.equal(isFeatureEnabled(decision, "hybridFlows"), false);
});

const keys = fc.string({ minLength: 1 });
const percents = fc.integer({ min: 0, max: 100 });

Deno.test("raising the percentage never turns anyone off", () => {
  fc.assert(
    fc.property(keys, percents, percents, (rolloutKey, first, second) => {
      const at = (unifiedServiceRolloutPercent: number) =>
        evaluateFlags({ ...on, unifiedServiceRolloutPercent }, {
          rolloutKey,
          orgId: ORG,
        }).inside;
      const [low, high] = first < second ? [first, second] : [second, first];
      assert.ok(!at(low) || at(high));
      assert.equal(at(0), false);
      assert.equal(at(100), true);
    }),
  );
});

Deno.test("the kill switch lets nobody in, whatever else is set", () => {
  fc.assert(
    fc.property(
      keys,
      percents,
      fc.boolean(),
      percents,
      (rolloutKey, percent, allowed, own) => {
        const flags: Flags = {
          ...SAFE_FLAGS,
          unifiedServiceRolloutPercent: percent,
          allow: allowed ? [rolloutKey] : [],
          overrides: {
            [ORG]: {
              unifiedServiceEnabled: true,
              unifiedServiceRolloutPercent: own,
            },
          },
        };
        assert.equal(
          evaluateFlags(flags, { rolloutKey, orgId: ORG }).inside,
          false,
        );
      },
    ),
  );
});

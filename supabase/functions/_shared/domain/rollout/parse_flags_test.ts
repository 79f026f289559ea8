import assert from "node:assert/strict";
import { readPlantedCases } from "../../../../../tests/support/read_planted_cases.ts";
import { parseFlags, SAFE_FLAGS } from "./parse_flags.ts";

const ORG = "11111111-1111-4111-8111-111111111111";

/** Exactly as an operator finds it in `app_config`. */
const stored = {
  unifiedServiceEnabled: true,
  unifiedServiceRolloutPercent: 10,
  agentFlags: {
    marketplace: true,
    jobs: true,
    property: true,
    farmer: true,
    waiter: true,
    insurance: true,
    rides: true,
    sales: true,
    business_broker: true,
    support: true,
  },
  features: {
    crossDomainHandoffs: true,
    unifiedSearch: false,
    sharedPreferences: false,
    hybridFlows: true,
  },
};

Deno.test("valid flags are accepted, what is optional filled in", async (test) => {
  const filled = {
    allow: [],
    deny: [],
    overrides: {},
    outsideRollout: "forward",
  };
  const cases: [string, Record<string, unknown>][] = [
    ["the documented shape alone", {}],
    ["nobody", { unifiedServiceRolloutPercent: 0 }],
    ["everybody", { unifiedServiceRolloutPercent: 100 }],
    ["lists", { allow: ["16505551234"], deny: ["US.13491208655302741918"] }],
    ["an organization whose id no generator made", {
      overrides: {
        "a1000000-0000-0000-0000-000000000000": {
          unifiedServiceEnabled: false,
        },
      },
    }],
    ["stored and ignored outside", { outsideRollout: "ignore" }],
    ["an override of one agent", {
      overrides: { [ORG]: { agentFlags: { jobs: false } } },
    }],
    ["an override of everything", {
      overrides: {
        [ORG]: {
          unifiedServiceEnabled: false,
          unifiedServiceRolloutPercent: 100,
          features: { unifiedSearch: true },
        },
      },
    }],
  ];
  for (const [name, change] of cases) {
    await test.step(name, () => {
      const value = { ...stored, ...change };
      assert.deepEqual(parseFlags(value), {
        ok: true,
        flags: { ...filled, ...value },
      });
    });
  }
});

Deno.test("malformed flags name the field", async (test) => {
  const { support: _support, ...nineAgents } = stored.agentFlags;
  const cases: [string, unknown, string][] = [
    ["nothing", null, ""],
    ["a text", "on", ""],
    ["a list", [], ""],
    [
      "a missing member",
      { ...stored, unifiedServiceEnabled: undefined },
      "unifiedServiceEnabled",
    ],
    [
      "a text for true",
      { ...stored, unifiedServiceEnabled: "true" },
      "unifiedServiceEnabled",
    ],
    [
      "over 100",
      { ...stored, unifiedServiceRolloutPercent: 101 },
      "unifiedServiceRolloutPercent",
    ],
    [
      "below 0",
      { ...stored, unifiedServiceRolloutPercent: -1 },
      "unifiedServiceRolloutPercent",
    ],
    [
      "a fraction",
      { ...stored, unifiedServiceRolloutPercent: 0.5 },
      "unifiedServiceRolloutPercent",
    ],
    [
      "a quoted number",
      { ...stored, unifiedServiceRolloutPercent: "10" },
      "unifiedServiceRolloutPercent",
    ],
    ["a misspelt member", { ...stored, unifiedServiceRolloutPercents: 10 }, ""],
    [
      "an agent missing",
      { ...stored, agentFlags: nineAgents },
      "agentFlags.support",
    ],
    [
      "an agent too many",
      { ...stored, agentFlags: { ...stored.agentFlags, cook: true } },
      "agentFlags",
    ],
    ["a feature too many", {
      ...stored,
      features: { ...stored.features, x: true },
    }, "features"],
    ["an empty key", { ...stored, allow: [""] }, "allow.0"],
    ["a blank key", { ...stored, deny: ["16505551234", " \t"] }, "deny.1"],
    [
      "an override without an organization",
      { ...stored, overrides: { acme: {} } },
      "overrides.acme",
    ],
    [
      "an unknown override",
      { ...stored, overrides: { [ORG]: { percent: 1 } } },
      `overrides.${ORG}`,
    ],
    ["an unknown way", { ...stored, outsideRollout: "drop" }, "outsideRollout"],
  ];
  for (const [name, value, field] of cases) {
    await test.step(name, () => {
      const parsed = parseFlags(value);
      assert.equal(parsed.ok, false);
      assert.ok(
        !parsed.ok && parsed.errors.some((error) => error.field === field),
        JSON.stringify(parsed),
      );
    });
  }
});

Deno.test("the safe flags are valid and let nobody in", () => {
  assert.deepEqual(parseFlags(SAFE_FLAGS), { ok: true, flags: SAFE_FLAGS });
  assert.equal(SAFE_FLAGS.unifiedServiceEnabled, false);
  assert.equal(SAFE_FLAGS.unifiedServiceRolloutPercent, 0);
});

Deno.test("TypeScript accepts exactly the values that SQL does", async (test) => {
  const cases = await readPlantedCases<
    { name: string; valid: boolean; value: unknown }
  >(
    "supabase/tests/app_config/flag_cases.psql",
    "cases",
  );
  assert.ok(cases.length > 90, "they were found");
  for (const { name, valid, value } of cases) {
    await test.step(name, () => {
      const parsed = parseFlags(value);
      assert.equal(parsed.ok, valid);
      // SQL hands them out with rollout keys, as they are parsed here: they are valid still.
      if (parsed.ok) assert.deepEqual(parseFlags(parsed.flags), parsed);
    });
  }
  for (const people of [9_999, 10_000, 10_001]) {
    await test.step(`${people} people`, () => {
      const allow = Array.from(
        { length: people },
        (_, person) => String(person),
      );
      assert.equal(parseFlags({ ...stored, allow }).ok, people <= 10_000);
    });
  }
});

Deno.test("people are found however an operator writes their numbers", () => {
  const parsed = parseFlags({
    ...stored,
    allow: ["+250 788-123-456", "US.13491208655302741918"],
    deny: ["00250788123456"],
  });
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.flags.allow, [
    "250788123456",
    "US.13491208655302741918",
  ]);
  assert.deepEqual(parsed.flags.deny, ["250788123456"]);
});

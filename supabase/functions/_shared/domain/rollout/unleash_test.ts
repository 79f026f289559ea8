import assert from "node:assert/strict";
import custom from "@unleash/client-specification/specifications/12-custom-stickiness.json" with {
  type: "json",
};
import flexible from "@unleash/client-specification/specifications/10-flexible-rollout-strategy.json" with {
  type: "json",
};
import bySession from "@unleash/client-specification/specifications/04-gradual-rollout-session-id-strategy.json" with {
  type: "json",
};
import byUser from "@unleash/client-specification/specifications/03-gradual-rollout-user-id-strategy.json" with {
  type: "json",
};
import byId from "@unleash/client-specification/specifications/02-user-with-id-strategy.json" with {
  type: "json",
};
import dependent from "@unleash/client-specification/specifications/17-dependent-features.json" with {
  type: "json",
};
import { normalizedStrategyValue } from "unleash-client/lib/strategy/util.js";
import { bucketOf } from "./bucket.ts";
import { evaluateFlags, UNIFIED_SERVICE_GROUP } from "./evaluate_flags.ts";
import { SAFE_FLAGS } from "./parse_flags.ts";

type Strategy = {
  name: string;
  parameters?: Record<string, string>;
  constraints?: unknown[];
};
type Feature = {
  name: string;
  enabled: boolean;
  strategies?: Strategy[];
  dependencies?: { feature: string; enabled?: boolean; variants?: string[] }[];
};
type Specification = {
  name: string;
  state: { features: Feature[] };
  tests: {
    description: string;
    toggleName: string;
    context: {
      userId?: string;
      sessionId?: string;
      properties?: Record<string, string>;
    };
    expectedResult: boolean;
  }[];
};

/** What a strategy's percentage is of, and whom it sticks to; null where it is no percentage. */
function readRollout({ name, parameters = {} }: Strategy) {
  const group = parameters["groupId"] ?? "";
  const percent = Number(parameters["percentage"] ?? parameters["rollout"]);
  switch (name) {
    case "gradualRolloutUserId":
      return { group, percent, sticksTo: "userId" };
    case "gradualRolloutSessionId":
      return { group, percent, sticksTo: "sessionId" };
    case "flexibleRollout":
      return {
        group,
        percent,
        sticksTo: parameters["stickiness"] ?? "default",
      };
    default:
      return null;
  }
}

function readKey(
  { userId, sessionId, properties }: Specification["tests"][number]["context"],
  sticksTo: string,
): string | undefined {
  if (sticksTo === "userId") return userId;
  if (sticksTo === "sessionId") return sessionId;
  return sticksTo === "default" ? userId ?? sessionId : properties?.[sticksTo];
}

Deno.test("Unleash's own specification of percentages and stickiness holds", async (test) => {
  let cases = 0;
  for (
    const { name, state, tests } of [
      byUser,
      bySession,
      flexible,
      custom,
    ] as Specification[]
  ) {
    for (const { description, toggleName, context, expectedResult } of tests) {
      const feature = state.features.find((known) => known.name === toggleName)!;
      const rollouts = (feature.strategies ?? []).map(readRollout);
      // A contact always has a key, and nothing here is on by another strategy.
      const keys = rollouts.map((rollout) => rollout && readKey(context, rollout.sticksTo));
      if (rollouts.includes(null) || keys.includes(undefined)) continue;
      cases += 1;
      await test.step(`${name}: ${description}`, () => {
        const inside = rollouts.some((rollout, at) =>
          bucketOf(rollout!.group, keys[at]!) <= rollout!.percent
        );
        assert.equal(inside, expectedResult);
      });
    }
  }
  assert.equal(cases, 19);
});

/** Ids that are inside, and a percentage of 0 or 100; null where it is anything else. */
function readWhole({ name, parameters = {}, constraints = [] }: Strategy) {
  if (constraints.length > 0) return null;
  const rollout = Number(parameters["rollout"]);
  if (name === "default") return { percent: 100, allow: [] };
  if (name === "flexibleRollout" && [0, 100].includes(rollout)) {
    return { percent: rollout, allow: [] };
  }
  const ids = (parameters["userIds"] ?? "").split(",").map((id) => id.trim());
  return name === "userWithId" ? { percent: 0, allow: ids } : null;
}

/** One that needs another is like what the kill switch has over it; null where it is anything else. */
function readFlags(feature: Feature | undefined, features: Feature[]) {
  const [needed, ...others] = feature?.dependencies ?? [];
  if (feature === undefined || others.length > 0) return null;
  const over = needed && features.find(({ name }) => name === needed.feature);
  // Of our flags none needs another to be off or of a variant, and none more than the one.
  if (needed && ("enabled" in needed || "variants" in needed || !over || over.dependencies)) {
    return null;
  }
  const [whole, ...more] = (feature.strategies ?? []).map(readWhole);
  const above = (over?.strategies ?? []).map(readWhole);
  if (!whole || more.length > 0 || above.some((one) => one?.percent !== 100)) return null;
  return {
    ...SAFE_FLAGS,
    unifiedServiceEnabled: over?.enabled ?? feature.enabled,
    unifiedServiceRolloutPercent: feature.enabled ? whole.percent : 0,
    allow: feature.enabled ? whole.allow : [],
  };
}

// The other files are of what our flags don't have: plain names (01, 18), chance (05, 07), addresses (06),
// variants (08, 16), constraints (09, 11, 13 to 15, 21, 22) and a server that is fetched from (19, 20).
Deno.test("so does what it says of people named and of what is under another flag", async (test) => {
  let cases = 0;
  for (const { name, state, tests } of [byId, dependent] as Specification[]) {
    for (const { description, toggleName, context, expectedResult } of tests) {
      const flags = readFlags(
        state.features.find((feature) => feature.name === toggleName),
        state.features,
      );
      if (flags === null) continue;
      cases += 1;
      await test.step(`${name}: ${description}`, () => {
        const subject = { rolloutKey: context.userId ?? "", orgId: "" };
        assert.equal(evaluateFlags(flags, subject).inside, expectedResult);
      });
    }
  }
  assert.equal(cases, 8);
});

Deno.test("buckets are those of Unleash's own client", () => {
  for (let person = 0; person < 1_000_000; person += 1) {
    const key = String(250_700_000_000 + person * 97);
    const bucket = bucketOf(UNIFIED_SERVICE_GROUP, key);
    if (bucket !== normalizedStrategyValue(key, UNIFIED_SERVICE_GROUP)) {
      assert.fail(`"${key}" is in bucket ${bucket}`);
    }
  }
});

Deno.test("a ramp from 0 to 100 turns nobody off and everybody on", () => {
  const people = Array.from(
    { length: 2_000 },
    (_, person) => String(250_788_000_000 + person),
  );
  const inside = new Set<string>();
  for (let percent = 0; percent <= 100; percent += 1) {
    const flags = {
      ...SAFE_FLAGS,
      unifiedServiceEnabled: true,
      unifiedServiceRolloutPercent: percent,
    };
    for (const rolloutKey of people) {
      const isInside = evaluateFlags(flags, { rolloutKey, orgId: "" }).inside;
      assert.ok(
        isInside || !inside.has(rolloutKey),
        `${rolloutKey} was turned off at ${percent} %`,
      );
      if (isInside) inside.add(rolloutKey);
    }
    if (percent === 0) assert.equal(inside.size, 0);
    const share = inside.size / people.length * 100;
    assert.ok(
      Math.abs(share - percent) < 4,
      `${share} % are inside at ${percent} %`,
    );
  }
  assert.equal(inside.size, people.length);
});

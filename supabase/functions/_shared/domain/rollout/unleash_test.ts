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
import { normalizedStrategyValue } from "unleash-client/lib/strategy/util.js";
import { bucketOf } from "./bucket.ts";
import { evaluateFlags, UNIFIED_SERVICE_GROUP } from "./evaluate_flags.ts";
import { SAFE_FLAGS } from "./parse_flags.ts";

type Strategy = { name: string; parameters?: Record<string, string> };
type Specification = {
  name: string;
  state: { features: { name: string; strategies: Strategy[] }[] };
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
      const rollouts = feature.strategies.map(readRollout);
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

Deno.test("buckets are those of Unleash's own client", () => {
  for (let person = 0; person < 100_000; person += 1) {
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

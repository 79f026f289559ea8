import assert from "node:assert/strict";
import * as fc from "fast-check";
import { evaluateFlags } from "../../../supabase/functions/_shared/domain/rollout/evaluate_flags.ts";
import {
  parseFlags,
  SAFE_FLAGS,
} from "../../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import { queryDatabase } from "../../support/query_database.ts";

const ORGS = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const key = fc.oneof(
  fc.integer({ min: 10_000, max: 99_999 }).map((number) => `2507880${number}`),
  fc.constantFrom("RW.1349", "250788000001", "ünï", "🌍"),
);
const percent = fc.constantFrom(0, 1, 10, 50, 99, 100);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const flags = fc.record({
  unifiedServiceEnabled: fc.constantFrom(true, true, true, false),
  unifiedServiceRolloutPercent: percent,
  allow: optional(fc.array(key, { maxLength: 3 })),
  deny: optional(fc.array(key, { maxLength: 3 })),
  overrides: optional(fc.dictionary(
    fc.constantFrom(...ORGS),
    fc.record({
      unifiedServiceEnabled: optional(fc.boolean()),
      unifiedServiceRolloutPercent: optional(percent),
    }),
  )),
});

Deno.test("who is inside the rollout is the same in SQL, which decides at arrival, and in TypeScript", async () => {
  const cases = fc.sample(fc.tuple(flags, fc.constantFrom(...ORGS), key), {
    numRuns: 2_000,
    seed: 7,
  })
    .map(([some, org_id, rollout_key]) => ({
      flags: JSON.parse(JSON.stringify({
        ...some,
        agentFlags: SAFE_FLAGS.agentFlags,
        features: SAFE_FLAGS.features,
      })),
      org_id,
      rollout_key,
    }));
  const rows = await queryDatabase<{ inside: boolean; everyone: boolean }>(
    `select
       private.is_inside_rollout(told.flags, told.org_id, told.rollout_key) as inside,
       private.is_everyone_inside(told.flags) as everyone
     from rows from (jsonb_to_recordset($1::text::jsonb) as (flags jsonb, org_id uuid, rollout_key text))
       with ordinality as told (flags, org_id, rollout_key, place)
     order by place`,
    [JSON.stringify(cases)],
  );
  assert.equal(rows.length, cases.length);
  let insiders = 0;
  for (const [place, { flags, org_id, rollout_key }] of cases.entries()) {
    const parsed = parseFlags(flags);
    assert.ok(parsed.ok);
    const { inside } = evaluateFlags(parsed.flags, { orgId: org_id, rolloutKey: rollout_key });
    assert.equal(rows[place]?.inside, inside, JSON.stringify(cases[place]));
    if (rows[place]?.everyone) assert.ok(inside, JSON.stringify(cases[place]));
    insiders += inside ? 1 : 0;
  }
  assert.ok(insiders > 200 && insiders < 1_800, `${insiders} inside: both sides are shown`);
});

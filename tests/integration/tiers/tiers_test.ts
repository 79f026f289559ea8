import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  isTierOn,
  parseTierFlags,
} from "../../../supabase/functions/_shared/domain/rollout/is_tier_on.ts";
import { callFunction } from "../../support/call_function.ts";
import { createTenant, workspaceBody } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";

type Row = Record<string, unknown>;

const setTier = (tier: string, value: unknown) =>
  queryDatabase("update public.app_config set value = $2::text::jsonb where key = $1", [
    tier,
    JSON.stringify(value),
  ]);

/** What each tier refuses, and what it lets through all the same. */
const TIERS: [
  tier: string,
  changes: [path: string, method: string, body?: Row][],
  reads: string[],
][] = [
  ["workspace_tier_flags", [["workspace-save/vapi", "DELETE"]], ["workspace-save/"]],
  ["agent_tier_flags", [
    ["agent-sync/sync", "POST"],
    ["agent-sync/behavior", "POST", { inbound: { first_message: "Hi" } }],
  ], ["agent-sync/status", "agent-sync/templates"]],
  ["knowledge_tier_flags", [
    ["kb-sync/documents", "POST", { title: "Hours", text: "We open at nine." }],
    ["kb-sync/sync", "POST"],
  ], ["kb-sync/documents", "kb-sync/status"]],
];

for (const [tier, changes, reads] of TIERS) {
  Deno.test(`${tier}: outside nothing is changed, and everything can be read`, async () => {
    const [tenant, other] = [await createTenant(), await createTenant()];
    for (const { accounts, owner } of [tenant, other]) {
      const { vapi_api_key } = workspaceBody(accounts);
      await callFunction("workspace-save/", { token: owner.token, body: { vapi_api_key } });
    }
    await setTier(tier, { enabled: true, rolloutPercent: 100, allow: [], deny: [tenant.orgId] });
    try {
      for (const [path, method, body] of changes) {
        const refused = await callFunction<Row>(path, {
          token: tenant.owner.token,
          method,
          ...(body === undefined ? {} : { body }),
        });
        assert.deepEqual(
          [refused.status, refused.body["code"], refused.body["reason"]],
          [503, "disabled", "tier_off"],
          `${method} ${path}: ${refused.text}`,
        );
        const taken = await callFunction<Row>(path, {
          token: other.owner.token,
          method,
          ...(body === undefined ? {} : { body }),
        });
        assert.notEqual(taken.body["reason"], "tier_off", `${method} ${path} of another`);
      }
      for (const path of reads) {
        const read = await callFunction(path, { token: tenant.owner.token, method: "GET" });
        assert.equal(read.status, 200, `GET ${path}: ${read.text}`);
      }
    } finally {
      await setTier(tier, { enabled: true, rolloutPercent: 100, allow: [], deny: [] });
    }
    const [path, method, body] = changes[0]!;
    const again = await callFunction<Row>(path, {
      token: tenant.owner.token,
      method,
      ...(body === undefined ? {} : { body }),
    });
    assert.notEqual(again.body["reason"], "tier_off", "the next request is taken");
  });
}

Deno.test("whether a tier is on is the same in SQL and in TypeScript, whatever is stored", async () => {
  const tier = "workspace_tier_flags";
  const org = fc.uuid();
  const odd = fc.constantFrom<unknown>(null, "no", 1, [], [1], {});
  const stored = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        enabled: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.boolean(), odd),
        rolloutPercent: fc.oneof(
          { weight: 6, arbitrary: fc.integer({ min: 0, max: 100 }) },
          odd,
          fc.constantFrom(-1, 101, 12.5),
        ),
        allow: fc.oneof({ weight: 6, arbitrary: fc.array(org, { maxLength: 2 }) }, odd),
        deny: fc.oneof({ weight: 6, arbitrary: fc.array(org, { maxLength: 2 }) }, odd),
      }, { requiredKeys: [] }),
    },
    odd,
  );
  const cases = fc.sample(fc.tuple(stored, org), { numRuns: 120, seed: 11 });
  try {
    const seen = new Set<boolean>();
    await setTier(tier, {});
    let inForce: unknown = {};
    for (const [value, orgId] of cases) {
      await setTier(tier, value);
      const [row] = await queryDatabase<{ on: boolean }>(
        `select private.is_tier_on($1, $2::text::uuid) as "on"`,
        [tier, orgId],
      );
      // What is malformed leaves what was good before in force.
      if (parseTierFlags(value) !== null) inForce = value;
      const expected = isTierOn(tier, inForce as never, orgId);
      assert.equal(row?.on, expected, JSON.stringify([value, orgId]));
      seen.add(expected);
    }
    assert.equal(seen.size, 2);
  } finally {
    await setTier(tier, { enabled: true, rolloutPercent: 100, allow: [], deny: [] });
  }
});

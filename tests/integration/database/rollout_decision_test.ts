import assert from "node:assert/strict";
import * as fc from "fast-check";
import { evaluateFlags } from "../../../supabase/functions/_shared/domain/rollout/evaluate_flags.ts";
import {
  parseFlags,
  SAFE_FLAGS,
} from "../../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import { queryDatabase } from "../../support/query_database.ts";

const ORGS = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const ORG_WITH_CONTACTS = "33333333-3333-4333-8333-333333333333";
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

/** A contact of the first organization with names that aren't its key. */
async function plantContacts(): Promise<{ id: string; key: string; names: string[] }[]> {
  const contacts = [
    { key: "250788000001", names: ["250788000001"] },
    { key: "RW.1349", names: ["250788099999", "RW.1349"] },
    { key: "250788055555", names: ["250788077777", "250788088888"] },
    { key: "ünï", names: [] },
  ].map((contact) => ({ ...contact, id: crypto.randomUUID() }));
  for (const { id, key, names } of contacts) {
    await queryDatabase(
      `with contact as (
         insert into public.contacts (id, org_id, rollout_key)
         values ($1::text::uuid, $2::text::uuid, $3) returning id, org_id
       )
       insert into public.contact_identities (org_id, kind, value, contact_id)
       select contact.org_id, case when name ~ '^[0-9]' then 'phone' else 'bsuid' end, name, contact.id
       from contact, jsonb_array_elements_text($4::text::jsonb) as name`,
      [id, ORG_WITH_CONTACTS, key, JSON.stringify(names)],
    );
  }
  return contacts;
}

Deno.test("whom the lists name is the same in SQL and in TypeScript, by any of their names", async () => {
  await queryDatabase(
    "insert into public.organizations (id, name) values ($1::text::uuid, 'Names')",
    [ORG_WITH_CONTACTS],
  );
  try {
    const contacts = await plantContacts();
    const named = fc.constantFrom(...contacts.flatMap(({ key, names }) => [key, ...names]));
    const lists = fc.array(named, { maxLength: 3 });
    const cases = fc.sample(
      fc.tuple(
        flags.chain((some) =>
          fc.record({ allow: lists, deny: lists }).map((l) => ({ ...some, ...l }))
        ),
        fc.constantFrom(...contacts),
        fc.boolean(),
      ),
      { numRuns: 1_000, seed: 11 },
    ).map(([{ overrides, ...some }, contact, isOverridden]) => ({
      contact,
      flags: JSON.parse(JSON.stringify({
        ...some,
        overrides: isOverridden ? { [ORG_WITH_CONTACTS]: overrides?.[ORGS[0]!] ?? {} } : {},
        agentFlags: SAFE_FLAGS.agentFlags,
        features: SAFE_FLAGS.features,
      })),
    }));
    const rows = await queryDatabase<{ inside: boolean }>(
      `select private.is_contact_inside(told.flags, $2::text::uuid, told.contact_id) as inside
       from rows from (jsonb_to_recordset($1::text::jsonb) as (flags jsonb, contact_id uuid))
         with ordinality as told (flags, contact_id, place)
       order by place`,
      [
        JSON.stringify(cases.map(({ flags, contact }) => ({ flags, contact_id: contact.id }))),
        ORG_WITH_CONTACTS,
      ],
    );
    const reasons = new Set<string>();
    for (const [place, { flags, contact }] of cases.entries()) {
      const parsed = parseFlags(flags);
      assert.ok(parsed.ok);
      const { inside, reason } = evaluateFlags(parsed.flags, {
        orgId: ORG_WITH_CONTACTS,
        rolloutKey: contact.key,
        names: contact.names,
      });
      assert.equal(rows[place]?.inside, inside, JSON.stringify(cases[place]));
      reasons.add(reason);
    }
    assert.equal(reasons.size, 5, "every reason is shown");
  } finally {
    await queryDatabase("delete from public.organizations where id = $1::text::uuid", [
      ORG_WITH_CONTACTS,
    ]);
  }
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

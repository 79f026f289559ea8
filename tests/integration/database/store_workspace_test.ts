import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { queryDatabase } from "../../support/query_database.ts";
import { callAtOnce, countCodes } from "./call_at_once.ts";
import { createOrganization } from "./create_organization.ts";
import { beginSave, finishSave, storeIntegrations } from "./save_workspace.ts";

const digits = () => String(randomInt(1_000_000_000, 10_000_000_000));

async function beginMany(count: number): Promise<{ orgId: string; token: number }[]> {
  const organizations = await Promise.all(Array.from({ length: count }, createOrganization));
  const began = await callAtOnce(organizations.map(({ orgId }) => beginSave(orgId)));
  return organizations.map(({ orgId }, index) => ({
    orgId,
    token: began[index]?.fencing_token as number,
  }));
}

Deno.test("of ten organizations that store the same numbers at once, one has them all", async () => {
  for (let round = 0; round < 5; round++) {
    const saves = await beginMany(10);
    const integrations = [
      { provider: "twilio", public_config: { from_number: `+1${digits()}` } },
      {
        provider: "whatsapp",
        public_config: { phone_number_id: digits(), business_account_id: digits() },
      },
    ];
    // Half of them name the providers the other way round: no order may make them wait in a ring.
    const answers = await callAtOnce(
      saves.map(({ orgId, token }, index) =>
        storeIntegrations(orgId, token, index % 2 === 0 ? integrations : integrations.toReversed())
      ),
    );
    assert.deepEqual(countCodes(answers), { stored: 1, taken: 9 });
    const rows = await queryDatabase<{ connected: number }>(
      `select count(*)::int as connected from public.integrations
       where org_id = any ($1::text::uuid[]) group by org_id`,
      [`{${saves.map(({ orgId }) => orgId).join(",")}}`],
    );
    assert.deepEqual(
      rows.map(({ connected }) => connected),
      [2],
      "nothing of the others is stored",
    );
  }
});

Deno.test("ensuring the agents from ten connections makes one a role", async () => {
  const { orgId } = await createOrganization();
  await queryDatabase(
    `create or replace function public.ensure_agents_for_race_test(request jsonb) returns jsonb
     language sql set search_path = '' as $$
       select private.ensure_agents((request ->> 'org_id')::uuid)
     $$`,
  );
  try {
    const answers = await callAtOnce(Array.from({ length: 10 }, () => ({
      name: "ensure_agents_for_race_test",
      request: { org_id: orgId },
    })));
    const agents = answers.flat() as unknown as { id: string; created: boolean }[];
    assert.equal(new Set(agents.map(({ id }) => id)).size, 2);
    assert.equal(agents.filter(({ created }) => created).length, 2, "each was made by one of them");
  } finally {
    await queryDatabase("drop function public.ensure_agents_for_race_test(jsonb)");
  }
});

Deno.test("calls counted from many connections at once add up", async () => {
  const [first] = await beginMany(1);
  const { orgId, token } = first!;
  const calls = ["get_assistant", "create_assistant", "list_assistants"].map((operation) => ({
    provider: "vapi",
    operation,
    outcome: "succeeded",
    status: 200,
    duration_ms: 10,
  }));
  // Lost leases count their calls as well, so all of them write the same rows.
  await callAtOnce(
    Array.from(
      { length: 20 },
      (_, index) =>
        finishSave(orgId, token + 1_000_000, index % 2 === 0 ? calls : calls.toReversed()),
    ),
  );
  const rows = await queryDatabase<{ total: number }>(
    `select sum(call_count)::int as total from public.provider_call_stats
     where org_id = $1::text::uuid group by operation`,
    [orgId],
  );
  assert.deepEqual(rows.map(({ total }) => total), [20, 20, 20]);
});

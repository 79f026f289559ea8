import assert from "node:assert/strict";
import { deliverUnderFaults, describeFindings } from "../../faults/harness/deliver_under_faults.ts";
import { createWebhookTarget } from "../../faults/harness/webhook_target.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { createWhatsappTenant } from "../../support/whatsapp.ts";

/** `DUPLICATE_MESSAGES=20000` is the long run. */
const messages = Number(Deno.env.get("DUPLICATE_MESSAGES") ?? 3_000);

Deno.test("every message delivered two to five times, at once and shuffled, takes effect once", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const target = createWebhookTarget(tenant);
  const findings = await deliverUnderFaults(target, {
    messages,
    contacts: 500,
    copies: [2, 5],
    concurrency: 64,
    faults: 0,
    limitMilliseconds: 600_000,
  });
  // deno-lint-ignore no-console
  console.log(describeFindings(findings));
  assert.deepEqual([findings.lost, findings.doubled], [[], []]);
  assert.equal((await target.countEffects()).size, messages);

  // Each conversation's messages are numbered without a gap, whoever stored them.
  const gaps = await queryDatabase(
    `select contact_id from public.inbound_messages where org_id = $1::text::uuid
     group by contact_id having count(*) <> max(sequence) or min(sequence) <> 1 or count(distinct sequence) <> count(*)`,
    [tenant.orgId],
  );
  assert.deepEqual(gaps, []);
  const [counts] = await queryDatabase<{ contacts: number; events: number }>(
    `select (select count(*)::int from public.contacts where org_id = $1::text::uuid) as contacts,
       (select count(*)::int from public.processed_webhook_events where org_id = $1::text::uuid) as events`,
    [tenant.orgId],
  );
  assert.deepEqual(counts, { contacts: Math.min(500, messages), events: messages });
});

import assert from "node:assert/strict";
import { queryDatabase } from "../../support/query_database.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  signDelivery,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";
import { startExtraFunction } from "../support/start_extra_function.ts";

type Row = Record<string, unknown>;
type Tenant = Awaited<ReturnType<typeof createWhatsappTenant>>;

const readOpt = ({ orgId }: Tenant) =>
  queryDatabase<Row>(
    "select state, reason from public.contact_opt_outs where org_id = $1::text::uuid",
    [orgId],
  );
const readOutbox = ({ orgId }: Tenant) =>
  queryDatabase<Row>("select 1 from public.outbound_messages where org_id = $1::text::uuid", [
    orgId,
  ]);

const say = ({ phoneNumberId }: Tenant, text: string) =>
  writeDelivery(phoneNumberId, { messages: [writeMessage({ text })] });

Deno.test("STOP is heard while the agents are silent", async () => {
  await using silent = await startExtraFunction("unified-webhook", {
    AGENT_SYSTEM_ENABLED: "false",
  });
  const tenant = await createWhatsappTenant();
  const post = async (body: string) => {
    const answer = await fetch(`${silent.url}/whatsapp`, {
      method: "POST",
      body,
      headers: { "x-hub-signature-256": signDelivery(body) },
    });
    await answer.body?.cancel();
    return answer.status;
  };
  const stop = say(tenant, "Hagarika!");
  assert.equal(await post(stop), 200);
  assert.deepEqual(await readOpt(tenant), [{ state: "opted_out", reason: "Hagarika!" }]);
  assert.equal(await post(say(tenant, "START")), 200);
  assert.equal((await readOpt(tenant))[0]?.["state"], "opted_in");
  assert.equal(await post(stop), 200);
  assert.equal((await readOpt(tenant))[0]?.["state"], "opted_in", "an old STOP delivered again");
  assert.equal(await post(say(tenant, "please stop by tomorrow")), 200);
  assert.equal((await readOpt(tenant))[0]?.["state"], "opted_in", "nor is it part of a sentence");
  assert.deepEqual(await readOutbox(tenant), [], "nobody answers");
  const waiting = await queryDatabase(
    "select 1 from public.inbound_messages where org_id = $1::text::uuid and disposition = 'received'",
    [tenant.orgId],
  );
  assert.equal(waiting.length, 3, "and everything waits for the agents");
});

Deno.test("STOP is heard outside the rollout", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  await deliver(say(tenant, "ACHA"));
  assert.deepEqual(await readOpt(tenant), [{ state: "opted_out", reason: "ACHA" }]);
  await eventually(
    () =>
      queryDatabase(
        "select 1 from public.inbound_messages where org_id = $1::text::uuid and disposition = 'ignored'",
        [tenant.orgId],
      ),
    (rows) => rows.length === 1,
  );
  assert.deepEqual(await readOutbox(tenant), []);
});

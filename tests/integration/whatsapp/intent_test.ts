import assert from "node:assert/strict";
import { queryDatabase } from "../../support/query_database.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

type Reply = { type: string; content: { text: string; sections: { rows: { id: string }[] }[] } };

Deno.test("what a message is about is recorded, its language kept, and its agent answers", async () => {
  const tenant = await createWhatsappTenant();
  const message = writeMessage({ text: "ndashaka kugurisha ibigori" });
  // Twice, as Meta delivers where an acknowledgement was lost.
  const delivery = writeDelivery(tenant.phoneNumberId, { messages: [message] });
  await deliver(delivery);
  await deliver(delivery);

  const [reply] = await eventually(
    () =>
      queryDatabase<Reply>(
        "select type, content from public.outbound_messages where org_id = $1::text::uuid",
        [tenant.orgId],
      ),
    (rows) => rows.length > 0,
  );
  assert.equal(reply?.type, "text");
  assert.match(reply.content.text, /Umusaruro: Ibigori/);

  const events = await queryDatabase<Record<string, unknown>>(
    `select agent, intent, intent_method, intent_confidence >= 0.8 as certain
     from public.unified_agent_events where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  assert.deepEqual(events, [
    { agent: "farmer", intent: "farmer", intent_method: "lexicon", certain: true },
  ]);
  const sessions = await queryDatabase<Record<string, unknown>>(
    "select preferences from public.unified_sessions where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  assert.deepEqual(sessions, [{
    preferences: {
      agents: { farmer: { language: "rw" } },
      unfinished: { agent: "farmer", flow: "sell" },
    },
  }]);
});

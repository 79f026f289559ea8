import { equal } from "node:assert/strict";
import {
  describeLife,
  newCallId,
  readCall,
  sendMessage,
  signSecret,
} from "../../integration/calls/support.ts";
import { saveWorkspace } from "../../integration/support/workspace.ts";
import { callFunction } from "../../support/call_function.ts";
import { createTenant, type Tenant } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import {
  deliver,
  eventually,
  setRollout,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

const CALLER = "+250788123456";
const WRITER = "250788654321";
const DOCUMENT = {
  title: "Opening hours",
  text: "We open at nine on weekdays and at ten on Sunday.",
};

/** An organization that has used every part of the product, by the functions of a stack. */
export type Customer = { tenant: Tenant; callId: string };

const countSent = async ({ orgId }: Tenant) => {
  const [row] = await queryDatabase<{ count: number }>(
    `select count(*)::int as count from public.outbound_messages
     where org_id = $1::text::uuid and wamid is not null`,
    [orgId],
  );
  return row?.count ?? 0;
};

/** A WhatsApp message is delivered and answered. */
export async function exchangeMessages({ tenant }: Pick<Customer, "tenant">): Promise<void> {
  const before = await countSent(tenant);
  const message = writeMessage({ from: WRITER, text: "menu" });
  const { status, text } = await deliver(
    writeDelivery(tenant.accounts.whatsapp.phoneNumberId, { messages: [message] }),
  );
  equal(status, 200, text);
  await eventually(() => countSent(tenant), (count) => count > before, { milliseconds: 20_000 });
}

/** A call of Vapi's from its first ring to its report. */
async function takeCall(tenant: Tenant): Promise<string> {
  const id = newCallId();
  for (const message of describeLife(id, { customer: CALLER })) {
    const { status, text } = await sendMessage({ secret: signSecret(tenant.orgId) }, message);
    equal(status, 200, text);
  }
  return id;
}

/** Saves a workspace, answers a message, takes a call and keeps a document. */
export async function becomeCustomer(): Promise<Customer> {
  const tenant = await createTenant();
  const saved = await saveWorkspace(tenant);
  equal(saved.status, 200, saved.text);
  await setRollout(tenant.orgId, 100);
  await exchangeMessages({ tenant });
  const callId = await takeCall(tenant);
  const { status, text } = await callFunction("kb-sync/documents", {
    token: tenant.owner.token,
    body: DOCUMENT,
  });
  equal(status, 201, text);
  return { tenant, callId };
}

/** Everything that the customer had is there, and goes on. */
export async function checkCustomer({ tenant, callId }: Customer): Promise<void> {
  const { token } = tenant.owner;
  const again = await saveWorkspace(tenant);
  equal(again.status, 200, again.text);
  const { agents } = again.body as unknown as { agents: { status: string }[] };
  equal(agents.map((agent) => agent.status).join(), "unchanged,unchanged");

  const contacts = () =>
    queryDatabase<{ id: string }>(
      "select id from public.contacts where org_id = $1::text::uuid order by id",
      [tenant.orgId],
    );
  const known = await contacts();
  await exchangeMessages({ tenant });
  equal(JSON.stringify(await contacts()), JSON.stringify(known), "the same person as before");

  const call = await readCall(callId);
  equal(call?.summary, "They asked for the hours.");
  const found = await callFunction<{ results: { title: string }[] }>("kb-sync/search", {
    token,
    body: { query: "When do you open on Sunday?" },
  });
  equal(found.status, 200, found.text);
  equal(found.body.results[0]?.title, DOCUMENT.title);
}

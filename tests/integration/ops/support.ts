import { randomUUID } from "node:crypto";
import { callFunction } from "../../support/call_function.ts";
import { callRpc } from "../../support/call_rpc.ts";
import { createMember, type Person } from "../../support/create_tenant.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { createWamid, createWhatsappTenant } from "../../support/whatsapp.ts";

export type OpsTenant = Awaited<ReturnType<typeof createOpsTenant>>;

/** An organization on WhatsApp with one person of each role. */
export async function createOpsTenant() {
  const tenant = await createWhatsappTenant();
  const [admin, member, viewer] = await Promise.all(
    (["admin", "member", "viewer"] as const).map((role) => createMember(tenant.orgId, role)),
  ) as [Person, Person, Person];
  return { ...tenant, admin, member, viewer };
}

/** One request to `ops` as a person; `key` is the idempotency key. */
export function ask(
  path: string,
  { token }: Pick<Person, "token">,
  { body, method, key, headers = {} }: {
    body?: unknown;
    method?: "GET" | "POST";
    key?: string;
    headers?: Record<string, string>;
  } = {},
) {
  return callFunction(`ops${path}`, {
    token,
    headers: { ...(key === undefined ? {} : { "idempotency-key": key }), ...headers },
    ...(body === undefined ? {} : { body }),
    ...(method === undefined ? {} : { method }),
  });
}

export const post = (
  path: string,
  person: Pick<Person, "token">,
  body?: unknown,
  key?: string,
) =>
  ask(path, person, {
    method: "POST",
    ...(body === undefined ? {} : { body }),
    ...(key === undefined ? {} : { key }),
  });

/** A contact of the organization who has written, and was answered, without the agents' doing. */
export async function createContact(
  { orgId, phoneNumberId }: Pick<OpsTenant, "orgId" | "phoneNumberId">,
  { text = "Hello", phone = randomPhone() }: { text?: string; phone?: string } = {},
): Promise<string> {
  await receive({ orgId, phoneNumberId }, { text, phone });
  const contactId = await findContact(orgId, phone);
  await finishClaim(orgId, contactId, { outcome: "answered" });
  return contactId;
}

export function randomPhone(): string {
  return `25078${
    String(crypto.getRandomValues(new Uint32Array(1))[0]! % 10_000_000).padStart(7, "0")
  }`;
}

/** Stores a message as the webhook does, and leaves its turn to whoever claims it. */
export async function receive(
  { phoneNumberId }: Pick<OpsTenant, "orgId" | "phoneNumberId">,
  { text, phone }: { text: string; phone: string },
): Promise<void> {
  const wamid = createWamid();
  const message = {
    d: 0,
    i: 1,
    phone_number_id: phoneNumberId,
    business_account_id: null,
    wamid,
    type: "text",
    phone,
    bsuid: null,
    name: "Ann",
    username: null,
    needs_turn: true,
    sent_at: new Date().toISOString(),
    content: { text },
    payload: { id: wamid },
    raw_text: null,
    change: null,
  };
  await queryDatabase("select public.ingest_whatsapp($1::text::jsonb)", [
    JSON.stringify({ messages: [message] }),
  ]);
}

export async function findContact(orgId: string, phone: string): Promise<string> {
  const [row] = await queryDatabase<{ id: string }>(
    `select contact_id as id from public.contact_identities
     where org_id = $1::text::uuid and value = $2`,
    [orgId, phone],
  );
  if (row === undefined) throw new Error(`Cannot find the contact "${phone}"`);
  return row.id;
}

/** Claims what a contact has waiting and completes it as decided. */
export async function finishClaim(
  orgId: string,
  contactId: string,
  { outcome, error = null, agent = "jobs" }: {
    outcome: "answered" | "failed";
    error?: string | null;
    agent?: string;
  },
): Promise<void> {
  const key = { org_id: orgId, contact_id: contactId };
  const claim = await callRpc<{ code: string; fencing_token?: number; session?: { id: string } }>(
    "claim_turn",
    { ...key, lease_seconds: 30, max_attempts: 5 },
  );
  if (claim.code !== "claimed") throw new Error(`Cannot claim the turn: ${claim.code}`);
  const completed = await callRpc<{ code: string }>("complete_turn", {
    ...key,
    fencing_token: claim.fencing_token,
    correlation_id: randomUUID(),
    outcome,
    error,
    max_attempts: 1,
    send_lease_seconds: 30,
    session: { id: claim.session?.id },
    outbound: [],
    events: [{
      event_type: "turn",
      outcome: outcome === "failed" ? "failed" : "succeeded",
      agent,
      error,
    }],
    opt: null,
  });
  if (completed.code !== "completed") throw new Error(`Cannot complete: ${completed.code}`);
}

/** A conversation in which a turn with one message failed for good. */
export async function createFailed(
  tenant: OpsTenant,
  { text = "I need a job in Kigali", error = "It broke" } = {},
): Promise<{ id: string; contactId: string; phone: string }> {
  const phone = randomPhone();
  await receive(tenant, { text, phone });
  const contactId = await findContact(tenant.orgId, phone);
  await finishClaim(tenant.orgId, contactId, { outcome: "failed", error });
  const [row] = await queryDatabase<{ id: string }>(
    "select id from public.failed_conversations where contact_id = $1::text::uuid",
    [contactId],
  );
  return { id: row!.id, contactId, phone };
}

/** A person who waits for somebody of the organization. */
export async function createWait(
  tenant: OpsTenant,
  { reason = "My payment" } = {},
): Promise<{ id: string; contactId: string; phone: string }> {
  const phone = randomPhone();
  const contactId = await createContact(tenant, { phone });
  const id = randomUUID();
  await queryDatabase(
    `select private.hand_over(
       jsonb_build_object('org_id', $1::text, 'contact_id', $2::text),
       jsonb_build_object('id', $3::text, 'reason', $4::text)
     )`,
    [tenant.orgId, contactId, id, reason],
  );
  return { id, contactId, phone };
}

export const readOutbox = (orgId: string, contactId: string) =>
  queryDatabase<{ id: string; state: string; kind: string; text: string | null }>(
    `select id, state, kind, content ->> 'text' as text from public.outbound_messages
     where org_id = $1::text::uuid and contact_id = $2::text::uuid order by sequence`,
    [orgId, contactId],
  );

/** Operations on record, with who did them. */
export const readOperations = (orgId: string, operation: string) =>
  queryDatabase<{ actor: string; outcome: string; request_id: string }>(
    `select actor, outcome, request_id from public.operation_events
     where org_id = $1::text::uuid and operation = $2 order by created_at`,
    [orgId, operation],
  );

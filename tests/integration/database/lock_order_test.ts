import assert from "node:assert/strict";
import postgres from "postgres";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  setRollout,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

type Tenant = Awaited<ReturnType<typeof createWhatsappTenant>>;
type Sql = postgres.Sql | postgres.TransactionSql;
type Work = (sql: Sql) => Promise<unknown>;

/**
 * Starts each piece of work while somebody else holds a lock in its way, one after the other, as soon as
 * the one before is waiting; then lets go. So they are all half done when they meet.
 */
async function meet(hold: Work, works: Work[]): Promise<void> {
  const name = crypto.randomUUID();
  const sql = postgres(readStack().database_url, {
    max: works.length + 1,
    onnotice: () => {},
    connection: { application_name: name },
  });
  const release = Promise.withResolvers<void>();
  try {
    const held = Promise.withResolvers<void>();
    const holding = sql.begin(async (transaction) => {
      await hold(transaction);
      held.resolve();
      await release.promise;
    });
    await held.promise;
    const running: Promise<unknown>[] = [];
    for (const work of works) {
      running.push(sql.begin((transaction) => work(transaction)));
      await eventually(
        () =>
          queryDatabase(
            "select 1 from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'",
            [name],
          ),
        (waiting) => waiting.length === running.length,
      );
    }
    release.resolve();
    const failures = (await Promise.allSettled([...running, holding]))
      .flatMap((one) => one.status === "rejected" ? [String(one.reason)] : []);
    assert.deepEqual(failures, []);
  } finally {
    release.resolve();
    await sql.end();
  }
}

const call = (name: string, request: unknown): Work => (sql) =>
  sql`select public.${sql(name)}(${sql.json(request as never)})`;

async function findContact(tenant: Tenant, name: string): Promise<string> {
  const [row] = await queryDatabase<{ contact_id: string }>(
    "select contact_id from public.contact_identities where org_id = $1::text::uuid and value = $2",
    [tenant.orgId, name],
  );
  return row!.contact_id;
}

async function meetTwoContacts(tenant: Tenant): Promise<[string, string]> {
  for (const from of ["250788500001", "250788500002"]) {
    await deliver(writeDelivery(tenant.phoneNumberId, { messages: [writeMessage({ from })] }));
  }
  await eventually(
    () =>
      queryDatabase(
        "select 1 from public.inbound_messages where org_id = $1::text::uuid and disposition = 'received'",
        [tenant.orgId],
      ),
    (waiting) => waiting.length === 0,
  );
  return [await findContact(tenant, "250788500001"), await findContact(tenant, "250788500002")];
}

const merge = (tenant: Tenant, [one, other]: [string, string]): Work => (sql) =>
  sql`select private.merge_contacts(${tenant.orgId}, ${one}, ${other})`;

Deno.test("recording sends and applying their statuses never wait for each other crosswise", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const [contact] = await meetTwoContacts(tenant);
  await queryDatabase(
    `select private.queue_outbound_message($1::text::uuid, $2::text::uuid, 'reply', 'text', jsonb_build_object('text', n::text))
     from generate_series(1, 3) as n`,
    [tenant.orgId, contact],
  );
  await queryDatabase(
    `select public.claim_outbound(jsonb_build_object('limit', 100, 'lease_seconds', 60))
     from public.contact_queues where org_id = $1::text::uuid and send_due_at is not null`,
    [tenant.orgId],
  );
  const rows = await queryDatabase<{ id: string; fencing_token: string }>(
    `select id, fencing_token::text from public.outbound_messages
     where org_id = $1::text::uuid and state = 'claimed' order by id desc`,
    [tenant.orgId],
  );
  assert.equal(rows.length, 3);
  const results = rows.map(({ id, fencing_token }) => ({
    org_id: tenant.orgId,
    contact_id: contact,
    fencing_token: Number(fencing_token),
    id,
    outcome: "sent",
    wamid: `wamid.${id}`,
  }));
  await meet(
    (sql) => sql`select 1 from public.outbound_messages where id = ${rows[1]!.id} for update`,
    [
      call("record_sent", { lease_seconds: 30, results }),
      call("ingest_whatsapp", {
        statuses: results.map(({ id, wamid }) => ({
          d: 0,
          phone_number_id: tenant.phoneNumberId,
          wamid,
          row_id: id,
          status: "delivered",
        })),
      }),
    ],
  );
  const states = await queryDatabase(
    "select distinct state from public.outbound_messages where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  assert.deepEqual(states, [{ state: "delivered" }]);
});

Deno.test("a merge and a call's tools never wait for each other crosswise", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const contacts = await meetTwoContacts(tenant);
  const vapi_call_id = `call-${tenant.orgId}`;
  await queryDatabase(
    "select public.create_inbound_call_atomically($1::text::uuid, $2, null, '+250788500002', null, '{}')",
    [tenant.orgId, vapi_call_id],
  );
  await meet(
    (sql) => sql`select 1 from public.call_logs where vapi_call_id = ${vapi_call_id} for update`,
    [
      merge(tenant, contacts),
      call("record_tool_calls", {
        org_id: tenant.orgId,
        vapi_call_id,
        tool_calls: [{
          tool_call_id: "one",
          tool: "send_whatsapp_follow_up",
          result: "sent",
          duration_ms: 1,
          effects: [{ kind: "send_whatsapp", text: "As promised" }],
        }],
      }),
    ],
  );
  const [row] = await queryDatabase<{ contact_id: string; survivor: string }>(
    `select message.contact_id, call.contact_id as survivor
     from public.outbound_messages as message
     join public.call_tracking as call on call.vapi_call_id = $2
     where message.org_id = $1::text::uuid`,
    [tenant.orgId, vapi_call_id],
  );
  assert.equal(row?.contact_id, contacts[0]);
  assert.equal(row?.survivor, contacts[0]);
});

Deno.test("a merge and a turn never wait for each other crosswise", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const contacts = await meetTwoContacts(tenant);
  // Who is inside waits for a turn, which nobody takes but the test.
  await setRollout(tenant.orgId, 100);
  // The turn has to open a session.
  await queryDatabase(
    `insert into public.unified_sessions (org_id, contact_id, last_message_at)
     select org_id, id, now() - interval '2 days' from public.contacts where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  await queryDatabase(
    `select public.ingest_whatsapp(jsonb_build_object('messages', jsonb_build_array(jsonb_build_object(
       'd', 0, 'i', 0, 'phone_number_id', $1::text, 'wamid', $2::text, 'type', 'text', 'phone', '250788500002',
       'needs_turn', true, 'sent_at', now(), 'content', '{"text": "hi"}'::jsonb, 'payload', '{}'::jsonb
     ))))`,
    [tenant.phoneNumberId, `wamid.${crypto.randomUUID()}`],
  );
  await meet(
    (sql) =>
      sql`select 1 from public.unified_sessions where contact_id = ${contacts[1]} for update`,
    [
      call("claim_turn", { org_id: tenant.orgId, contact_id: contacts[1], lease_seconds: 30 }),
      merge(tenant, contacts),
    ],
  );
  const waiting = await queryDatabase(
    "select contact_id from public.inbound_messages where org_id = $1::text::uuid and disposition = 'received'",
    [tenant.orgId],
  );
  assert.deepEqual(
    waiting,
    [{ contact_id: contacts[0] }],
    "what was claimed waits for the survivor's turn",
  );
});

Deno.test("a merge and the end of a call back never wait for each other crosswise", async (test) => {
  for (const outcome of ["refused", "failed", "retry"]) {
    await test.step(outcome, async () => {
      const tenant = await createWhatsappTenant({ isInRollout: false });
      const contacts = await meetTwoContacts(tenant);
      const [request] = await queryDatabase<{ id: string }>(
        `insert into public.call_requests (org_id, contact_id, reason)
         values ($1::text::uuid, $2::text::uuid, 'Prices') returning id`,
        [tenant.orgId, contacts[1]],
      );
      await meet(
        // Both of them want this queue, and the merge the request's row after it.
        (sql) =>
          sql`select 1 from public.contact_queues where contact_id = ${contacts[1]} for update`,
        [
          call("record_call_request", {
            id: request!.id,
            fencing_token: 0,
            outcome,
            code: "expired",
            max_attempts: 1,
            provider_calls: [],
          }),
          merge(tenant, contacts),
        ],
      );
      const rows = await queryDatabase<{ contact_id: string; state: string; told: string }>(
        `select asked.contact_id, asked.state, message.contact_id as told
         from public.call_requests as asked
         join public.outbound_messages as message
           on message.org_id = asked.org_id and message.kind = 'initiated'
         where asked.id = $1::text::uuid`,
        [request!.id],
      );
      const state = outcome === "refused" ? "refused" : "failed";
      assert.deepEqual(rows, [{ contact_id: contacts[0], state, told: contacts[0] }]);
    });
  }
});

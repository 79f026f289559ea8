import assert from "node:assert/strict";
import postgres from "postgres";
import { createTurnPorts } from "../../support/create_turn_ports.ts";
import { runTurn } from "../../../supabase/functions/_shared/services/run_turn.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  createWamid,
  createWhatsappTenant,
  deliver,
  eventually,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

type Row = Record<string, unknown>;
type Tenant = Awaited<ReturnType<typeof createWhatsappTenant>>;

const connect = (connections: number) =>
  postgres(readStack().database_url, { max: connections, onnotice: () => {} });

/** Two contacts of one person: known by number, and by BSUID. */
async function meetTwice(tenant: Tenant, phone: string, bsuid: string): Promise<[string, string]> {
  await deliver(writeDelivery(tenant.phoneNumberId, { messages: [writeMessage({ from: phone })] }));
  await deliver(
    writeDelivery(tenant.phoneNumberId, {
      messages: [writeMessage({ from: null, userId: bsuid })],
    }),
  );
  const rows = await queryDatabase<{ contact_id: string }>(
    `select contact_id from public.contact_identities
     where org_id = $1::text::uuid and value in ($2, $3) order by kind desc`,
    [tenant.orgId, phone, bsuid],
  );
  return [rows[0]!.contact_id, rows[1]!.contact_id];
}

const ingest = (tenant: Tenant, more: Row) => ({
  messages: [{
    d: 0,
    i: 0,
    phone_number_id: tenant.phoneNumberId,
    wamid: createWamid(),
    type: "text",
    needs_turn: true,
    sent_at: new Date().toISOString(),
    content: { text: "hello" },
    payload: {},
    ...more,
  }],
});

Deno.test("a message that races its contact's merge is answered", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const [one, other] = await meetTwice(tenant, "250788400001", "RW.400001");
  const sql = connect(3);
  try {
    const merged = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const merging = sql.begin(async (transaction) => {
      await transaction`select private.merge_contacts(${tenant.orgId}, ${one}, ${other})`;
      merged.resolve();
      await go.promise;
    });
    await merged.promise;
    const request = ingest(tenant, { bsuid: "RW.400001" });
    const storing = sql`select public.ingest_whatsapp(${sql.json(request as never)})`.execute();
    // It has read whose message it is, and waits for the merge.
    await eventually(
      () =>
        queryDatabase<Row>(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%ingest_whatsapp%'
             and pid <> pg_backend_pid()`,
        ),
      (rows) => rows.length > 0,
    );
    go.resolve();
    await merging;
    await storing;
  } finally {
    await sql.end();
  }
  await queryDatabase(
    "update public.contact_queues set turn_due_at = now(), turn_leased_until = null, turn_retry_at = null where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  const ports = createTurnPorts();
  for (const contact_id of [one, other]) await runTurn(ports, { org_id: tenant.orgId, contact_id });
  const rows = await queryDatabase<Row>(
    `select message.contact_id, message.disposition from public.inbound_messages as message
     where message.org_id = $1::text::uuid and message.wamid like 'wamid.%' order by message.sequence`,
    [tenant.orgId],
  );
  const survivors = await queryDatabase<{ id: string }>(
    "select id from public.contacts where org_id = $1::text::uuid and merged_into_id is null",
    [tenant.orgId],
  );
  assert.equal(survivors.length, 1);
  assert.equal(rows.length, 3);
  for (const row of rows) {
    assert.equal(row["contact_id"], survivors[0]!.id);
    assert.notEqual(row["disposition"], "received");
  }
  const left = await queryDatabase(
    "select 1 from public.contact_queues where org_id = $1::text::uuid and contact_id <> $2::text::uuid",
    [tenant.orgId, survivors[0]!.id],
  );
  assert.deepEqual(left, [], "nothing is queued for the other");
});

Deno.test("merges, messages, calls, sends, records and statuses at once never wait for each other crosswise", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const people = Array.from({ length: 8 }, (_, index) => ({
    phone: String(250_788_410_000 + index),
    bsuid: `RW.41000${index}`,
  }));
  const sql = connect(12);
  const orgId = tenant.orgId;
  const failures: unknown[] = [];
  const call = async (name: string, request: unknown): Promise<Row> => {
    const [row] = await sql`select to_jsonb(public.${sql(name)}(${
      sql.json(request as never)
    })) as answer`;
    return row!["answer"] as Row;
  };
  const attempt = (work: () => Promise<unknown>) =>
    work().catch((error) => {
      // Identities that keep changing are told so, and tried again by whoever asked.
      failures.push(error);
    });
  const pick = <T>(list: T[], place: number) => list[place % list.length]!;

  try {
    for (let round = 0; round < 6; round += 1) {
      const now = people.map(({ phone, bsuid }) => ({
        phone: `${phone}${round}`,
        bsuid: `${bsuid}${round}`,
      }));
      const contacts: string[] = [];
      for (const person of now) {
        contacts.push(...await meetTwice(tenant, person.phone, person.bsuid));
      }
      await sql`
        select private.queue_outbound_message(${orgId}, contact_id, 'reply', 'text', jsonb_build_object('text', n::text))
        from jsonb_array_elements_text(${
        sql.json(contacts)
      }) as listed (contact), lateral (select contact::uuid as contact_id) as one, generate_series(1, 4) as n`;
      const asked = await sql<{ id: string }[]>`
        insert into public.call_requests (org_id, contact_id, reason)
        select ${orgId}, contact::uuid, 'Prices'
        from jsonb_array_elements_text(${sql.json(contacts)}) as listed (contact)
        returning id`;
      const claim = await call("claim_outbound", {
        limit: 100,
        lease_seconds: 60,
        max_messages: 4,
      });
      const sends = claim["sends"] as (Row & { messages: Row[] })[];
      const results = sends.flatMap(({ org_id, contact_id, fencing_token, messages }) =>
        messages.map(({ id }) => ({
          org_id,
          contact_id,
          fencing_token,
          id,
          outcome: "sent",
          wamid: `wamid.${id}`,
        }))
      );
      const statuses = results.map(({ id, wamid }) => ({
        d: 0,
        phone_number_id: tenant.phoneNumberId,
        wamid,
        row_id: id,
        status: "delivered",
      }));
      await Promise.all([
        ...now.map(({ phone, bsuid }) =>
          attempt(() =>
            call("ingest_whatsapp", ingest(tenant, { phone, bsuid, name: crypto.randomUUID() }))
          )
        ),
        ...now.map(({ phone }, place) =>
          attempt(() =>
            sql`select * from public.create_inbound_call_atomically(
              ${orgId}, ${`call-${round}-${place}-${orgId}`}, null, ${`+${phone}`}, null, '{}')`
          )
        ),
        ...[0, 1, 2].map((third) =>
          attempt(() =>
            call("record_sent", {
              lease_seconds: 60,
              results: results.filter((_, n) => n % 3 === third),
            })
          )
        ),
        // Apart, as WhatsApp delivers them. A batch of both that loses against another is stored one by one.
        ...[0, 1, 2].flatMap((turn) => [
          attempt(() => call("ingest_whatsapp", ingest(tenant, pick(now, turn)))),
          attempt(() =>
            call("ingest_whatsapp", { statuses: turn % 2 ? statuses.toReversed() : statuses })
          ),
        ]),
        ...asked.map(({ id }, place) =>
          attempt(() =>
            call("record_call_request", {
              id,
              fencing_token: 0,
              outcome: place % 2 ? "refused" : "retry",
              code: "x",
              max_attempts: 1,
              provider_calls: [],
            })
          )
        ),
        ...contacts.map((contact_id) =>
          attempt(() => call("claim_turn", { org_id: orgId, contact_id, lease_seconds: 1 }))
        ),
        attempt(() => call("claim_outbound", { limit: 100, lease_seconds: 60 })),
        attempt(() => call("claim_due_turns", { limit: 100, lease_seconds: 1 })),
      ]);
    }
  } finally {
    await sql.end();
  }
  assert.deepEqual(failures.map(String), []);
});

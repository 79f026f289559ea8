import assert from "node:assert/strict";
import { controlSimulator } from "../support/control_simulator.ts";
import { createTurnPorts } from "../support/create_turn_ports.ts";
import { queryDatabase } from "../support/query_database.ts";
import { killFunction } from "../support/restart_function.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  writeDelivery,
  writeMessage,
} from "../support/whatsapp.ts";
import { finishTurns } from "../../supabase/functions/_shared/services/jobs/finish_turns.ts";
import { sendOutbox } from "../../supabase/functions/_shared/services/jobs/send_outbox.ts";
import { passTime } from "./harness/pass_time.ts";

/** `ORDER_MESSAGES=100000 ORDER_CONTACTS=1000` is the long run. */
const messages = Number(Deno.env.get("ORDER_MESSAGES") ?? 600);
const contacts = Number(Deno.env.get("ORDER_CONTACTS") ?? 30);
const kills = Number(Deno.env.get("ORDER_KILLS") ?? 4);
const WORKERS = 8;

Deno.test("order within each conversation is kept, with eight workers and processes killed", async () => {
  const tenant = await createWhatsappTenant();
  const { orgId, phoneNumberId } = tenant;
  let isDelivered = false;

  async function writeConversation(contact: number): Promise<void> {
    for (let index = 0; index < messages / contacts; index += 1) {
      const message = writeMessage({
        id: `wamid.${orgId}.${contact}.${index}`,
        from: String(250_788_000_000 + contact),
        text: String(index),
        // All in one second: the order is that of arrival.
        timestamp: 1_790_000_000,
      });
      const body = writeDelivery(phoneNumberId, { messages: [message] });
      // A person writes the next message when the one before is on its way.
      for (let attempt = 0;; attempt += 1) {
        const answer = await deliver(body).catch(() => undefined);
        if (answer?.status === 200) break;
        assert.ok(attempt < 500, "the webhook never came back");
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    }
  }
  const ports = createTurnPorts();
  const job = { messaging: ports, clock: ports.clock, logger: ports.logger };
  async function work(): Promise<void> {
    while (!isDelivered) {
      for (const run of [finishTurns, sendOutbox]) {
        await run(job, undefined as never, { requestId: "test", record() {} }).catch(() => {});
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  async function disturb(): Promise<void> {
    for (let kill = 0; kill < kills && !isDelivered; kill += 1) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      try {
        killFunction("unified-webhook");
      } catch {
        // It is starting again at this moment.
      }
      await passTime(orgId);
    }
  }
  const workers = Array.from({ length: WORKERS }, work);
  const disturbing = disturb();
  await Promise.all(Array.from({ length: contacts }, (_, contact) => writeConversation(contact)));
  await disturbing;
  const unanswered = () =>
    queryDatabase<{ count: number }>(
      `select count(*)::int as count from public.inbound_messages
       where org_id = $1::text::uuid and disposition = 'received'`,
      [orgId],
    );
  await eventually(
    async () => {
      await passTime(orgId);
      return (await unanswered())[0]!.count;
    },
    (count) => count === 0,
    { milliseconds: 60_000 },
  );
  isDelivered = true;
  await Promise.all(workers);

  const inversions = await queryDatabase(
    `select * from (
       select contact_id, sequence, (content ->> 'text')::int as written, disposed_at,
         lag((content ->> 'text')::int) over conversation as written_before,
         lag(disposed_at) over conversation as answered_before
       from public.inbound_messages where org_id = $1::text::uuid
       window conversation as (partition by contact_id order by sequence)
     ) as ordered where written <= written_before or disposed_at < answered_before`,
    [orgId],
  );
  assert.deepEqual(inversions, []);
  const [count] = await queryDatabase<{ stored: number; answered: number }>(
    `select count(*)::int as stored, count(*) filter (where disposition = 'answered')::int as answered
     from public.inbound_messages where org_id = $1::text::uuid`,
    [orgId],
  );
  assert.deepEqual(count, { stored: messages, answered: messages });

  // What left, left once and in the order of the outbox.
  const { messages: accepted } = await controlSimulator<
    { messages: { body: { to: string; biz_opaque_callback_data: string } }[] }
  >("graph", "GET", { path: `state?account=${tenant.accounts.whatsapp.businessAccountId}` });
  const rows = accepted.map(({ body }) => body.biz_opaque_callback_data);
  assert.equal(new Set(rows).size, rows.length, "no row left twice");
  const places = new Map(
    (await queryDatabase<{ id: string; place: number }>(
      "select id, row_number() over (order by sequence)::int as place from public.outbound_messages where org_id = $1::text::uuid",
      [orgId],
    )).map(({ id, place }) => [id, place]),
  );
  const last = new Map<string, number>();
  for (const { body } of accepted) {
    const place = places.get(body.biz_opaque_callback_data) ?? -1;
    assert.ok(place > (last.get(body.to) ?? 0), `replies to ${body.to} kept their order`);
    last.set(body.to, place);
  }
});

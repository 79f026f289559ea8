import assert from "node:assert/strict";
import { controlSimulator } from "../support/control_simulator.ts";
import { createTurnPorts } from "../support/create_turn_ports.ts";
import { queryDatabase } from "../support/query_database.ts";
import { restartFunction } from "../support/restart_function.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  writeDelivery,
  writeMessage,
} from "../support/whatsapp.ts";
import { sendOutbox } from "../../supabase/functions/_shared/services/jobs/send_outbox.ts";
import { finishTurns } from "../../supabase/functions/_shared/services/jobs/finish_turns.ts";
import { runTurn, type TurnPorts } from "../../supabase/functions/_shared/services/run_turn.ts";
import { dieAt } from "./harness/die_at.ts";
import { passTime } from "./harness/pass_time.ts";

type Row = Record<string, unknown>;
type Tenant = Awaited<ReturnType<typeof createWhatsappTenant>>;
type Accepted = { id: string; body: { biz_opaque_callback_data?: string } };

/** A job's ports that are of no use to these two. */
const runJob = (job: typeof finishTurns | typeof sendOutbox, ports: TurnPorts) =>
  job({ messaging: ports, clock: ports.clock, logger: ports.logger }, undefined as never, {
    requestId: "test",
    record() {},
  });

async function readAccepted({ accounts }: Tenant): Promise<Accepted[]> {
  const { messages } = await controlSimulator<{ messages: Accepted[] }>("graph", "GET", {
    path: `state?account=${accounts.whatsapp.businessAccountId}`,
  });
  return messages;
}

const readOutbox = ({ orgId }: Tenant) =>
  queryDatabase<{ id: string; state: string; wamid: string | null }>(
    "select id, state, wamid from public.outbound_messages where org_id = $1::text::uuid order by sequence",
    [orgId],
  );

/** A waiting message that the webhook hasn't answered, because its organization's agents are off. */
async function leaveMessage(tenant: Tenant): Promise<string> {
  await queryDatabase(
    `select public.ingest_whatsapp(jsonb_build_object('messages', jsonb_build_array(jsonb_build_object(
       'd', 0, 'i', 0, 'phone_number_id', $1::text, 'wamid', $2::text, 'type', 'text', 'phone', '250788123456',
       'needs_turn', true, 'sent_at', now(), 'content', '{"text": "hi"}'::jsonb, 'payload', '{}'::jsonb
     ))))`,
    [tenant.phoneNumberId, `wamid.${crypto.randomUUID()}`],
  );
  const [row] = await queryDatabase<{ contact_id: string }>(
    "select contact_id from public.contact_queues where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  return row!.contact_id;
}

/** What the worker does after a process died, and what WhatsApp reports of what it took. */
async function recover(tenant: Tenant): Promise<void> {
  const ports = createTurnPorts();
  for (let round = 0; round < 3; round += 1) {
    await passTime(tenant.orgId);
    await runJob(finishTurns, ports);
    await runJob(sendOutbox, ports);
  }
}

async function reportStatuses(tenant: Tenant): Promise<void> {
  const statuses = (await readAccepted(tenant)).map(({ id, body }) => ({
    id,
    status: "delivered",
    timestamp: String(Math.floor(Date.now() / 1000)),
    biz_opaque_callback_data: body.biz_opaque_callback_data,
  }));
  if (statuses.length > 0) await deliver(writeDelivery(tenant.phoneNumberId, { statuses }));
}

Deno.test("killed at every await of a turn and its sending: nothing is sent twice, nothing vanishes", async (test) => {
  const ends: string[] = [];
  for (let moment = 0;; moment += 1) {
    let isOver = false;
    await test.step(`at moment ${moment}`, async () => {
      const tenant = await createWhatsappTenant();
      const contact_id = await leaveMessage(tenant);
      const ports = createTurnPorts();
      const mortal = dieAt(moment);
      const connectSender = mortal.wrap({ connectSender: ports.connectSender }).connectSender;
      const work = runTurn(
        {
          ...ports,
          turns: mortal.wrap(ports.turns),
          outbox: mortal.wrap(ports.outbox),
          connectSender,
        },
        { org_id: tenant.orgId, contact_id },
      );
      isOver = await Promise.race([work.then(() => true), mortal.died.then(() => false)]);
      await recover(tenant);
      const before = await readOutbox(tenant);
      await reportStatuses(tenant);
      const [after, accepted] = [await readOutbox(tenant), await readAccepted(tenant)];

      const timesSent = new Map<string, number>();
      for (const { body } of accepted) {
        const row = body.biz_opaque_callback_data ?? "";
        timesSent.set(row, (timesSent.get(row) ?? 0) + 1);
      }
      assert.deepEqual(
        [...timesSent.values()].filter((times) => times > 1),
        [],
        "no row left twice",
      );
      assert.equal(after.length, 1, "one answer, whoever gave it");
      assert.ok(accepted.length <= 1, "WhatsApp has it at most once");
      assert.equal(after[0]!.state, accepted.length === 1 ? "delivered" : "unknown");
      ends.push(`${before[0]!.state}→${after[0]!.state}`);
    });
    if (isOver) break;
    assert.ok(moment < 60, "the work never ends");
  }
  assert.ok(ends.length > 10, `there were ${ends.length} moments`);
  assert.ok(
    ends.includes("unknown→delivered"),
    `some were undecided until their status came: ${ends}`,
  );
  assert.ok(
    ends.includes("unknown→unknown"),
    `and some stay so, rather than being sent again: ${ends}`,
  );
});

Deno.test("killed at every await of sending what was refused afterwards: it leaves once more at most", async (test) => {
  const ends: string[] = [];
  for (let moment = 0;; moment += 1) {
    let isOver = false;
    await test.step(`at moment ${moment}`, async () => {
      const tenant = await createWhatsappTenant();
      const contact_id = await leaveMessage(tenant);
      const ports = createTurnPorts();
      await runTurn(ports, { org_id: tenant.orgId, contact_id });
      const [refused] = await readOutbox(tenant);
      assert.equal(refused?.state, "sent");
      const status = {
        id: refused.wamid,
        status: "failed",
        timestamp: String(Math.floor(Date.now() / 1000)),
        errors: [{ code: 131056, title: "Too much" }],
        biz_opaque_callback_data: refused.id,
      };
      const refuse = () => deliver(writeDelivery(tenant.phoneNumberId, { statuses: [status] }));
      await refuse();
      const mortal = dieAt(moment);
      const connectSender = mortal.wrap({ connectSender: ports.connectSender }).connectSender;
      const work = (async () => {
        const mine = { ...ports, outbox: mortal.wrap(ports.outbox), connectSender };
        await runJob(sendOutbox, mine);
        await passTime(tenant.orgId);
        await runJob(sendOutbox, mine);
      })();
      isOver = await Promise.race([work.then(() => true), mortal.died.then(() => false)]);
      await recover(tenant);
      // WhatsApp says it again, and what became of the other one.
      await refuse();
      const again = (await readAccepted(tenant)).filter(({ id }) => id !== refused.wamid);
      assert.ok(again.length <= 1, "it left once more at most");
      for (const { id, body } of again) {
        await deliver(writeDelivery(tenant.phoneNumberId, {
          statuses: [{
            ...status,
            id,
            status: "delivered",
            errors: undefined,
            biz_opaque_callback_data: body.biz_opaque_callback_data,
          }],
        }));
      }
      const [after] = await readOutbox(tenant);
      assert.equal(after?.state, again.length === 1 ? "delivered" : "unknown");
      ends.push(after.state);
    });
    if (isOver) break;
    assert.ok(moment < 60, "the work never ends");
  }
  assert.ok(ends.length > 8, `there were ${ends.length} moments`);
  assert.ok(ends.includes("unknown"), `some stay undecided rather than being sent again: ${ends}`);
});

Deno.test("the webhook's process killed while it sends: nothing is sent twice", async () => {
  const tenant = await createWhatsappTenant();
  await controlSimulator("graph", "POST", {
    path: "faults",
    body: {
      method: "POST",
      path: `/v26.0/${tenant.phoneNumberId}/messages`,
      account: tenant.accounts.whatsapp.businessAccountId,
      mode: "latency",
      latencyMilliseconds: 300,
    },
  });
  const people = Array.from({ length: 12 }, (_, index) => String(250_788_000_000 + index));
  await Promise.all(
    people.map((from) =>
      deliver(writeDelivery(tenant.phoneNumberId, { messages: [writeMessage({ from })] }))
    ),
  );
  await eventually(
    () =>
      queryDatabase<Row>(
        "select 1 from public.outbound_messages where org_id = $1::text::uuid and state = 'claimed'",
        [tenant.orgId],
      ),
    (rows) => rows.length > 0,
  );
  await restartFunction("unified-webhook");
  await recover(tenant);
  await reportStatuses(tenant);
  const [outbox, accepted] = [await readOutbox(tenant), await readAccepted(tenant)];
  const rows = accepted.map(({ body }) => body.biz_opaque_callback_data);
  assert.equal(new Set(rows).size, rows.length, "no row left twice");
  assert.equal(outbox.length, people.length, "everybody has one answer");
  for (const { id, state } of outbox) {
    assert.equal(state, rows.includes(id) ? "delivered" : "unknown");
  }
});

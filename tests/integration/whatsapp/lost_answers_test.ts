import assert from "node:assert/strict";
import { createDatabase } from "../../../supabase/functions/_shared/providers/supabase/create_database.ts";
import { createOutboxStore } from "../../../supabase/functions/_shared/providers/supabase/outbox_store.ts";
import { sendOutbox } from "../../../supabase/functions/_shared/services/jobs/send_outbox.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import { createTurnPorts } from "../../support/create_turn_ports.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  createWhatsappTenant,
  deliver,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

type Row = Record<string, unknown>;

/** The stack's database, whose first answer to each call of one function gets lost on the way. */
function loseAnswers(
  name: string,
): { store: ReturnType<typeof createOutboxStore>; lost: string[] } {
  const stack = readStack();
  const lost: string[] = [];
  const seen = new Set<string>();
  const database = createDatabase({
    supabaseUrl: stack.url,
    secretKey: stack.secret_key,
    timeoutMilliseconds: 20_000,
    retryBaseMilliseconds: 5,
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      const body = String(init?.body);
      const { pathname } = new URL(String(input));
      if (!pathname.endsWith(`/rpc/${name}`) || seen.has(body)) return answer;
      seen.add(body);
      lost.push(await answer.text());
      throw new TypeError("connection reset");
    },
  });
  return { store: createOutboxStore(database), lost };
}

async function queueMessages(contacts: number, each: number) {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const messages = Array.from(
    { length: contacts },
    (_, index) => writeMessage({ from: String(250_788_300_000 + index) }),
  );
  await deliver(writeDelivery(tenant.phoneNumberId, { messages }));
  await queryDatabase(
    `select private.queue_outbound_message(queue.org_id, queue.contact_id, 'reply', 'text', jsonb_build_object('text', n::text))
     from public.contact_queues as queue, generate_series(1, $2::int) as n where queue.org_id = $1::text::uuid`,
    [tenant.orgId, each],
  );
  return tenant;
}

for (const name of ["claim_outbound", "record_sent"]) {
  Deno.test(`a lost answer of ${name} leaves nothing unknown and sends nothing twice`, async () => {
    const tenant = await queueMessages(6, 12);
    const { store, lost } = loseAnswers(name);
    const ports = createTurnPorts();
    const job = {
      messaging: { ...ports, outbox: store },
      clock: ports.clock,
      logger: ports.logger,
    };
    await sendOutbox(job, undefined as never, { requestId: "test", record() {} });
    const rows = await queryDatabase<Row>(
      `select state, attempts, count(*)::int as total from public.outbound_messages
       where org_id = $1::text::uuid group by 1, 2`,
      [tenant.orgId],
    );
    assert.deepEqual(rows, [{ state: "sent", attempts: 1, total: 72 }]);
    const { messages } = await controlSimulator<{ messages: { body: Row }[] }>("graph", "GET", {
      path: `state?account=${tenant.accounts.whatsapp.businessAccountId}`,
    });
    assert.equal(messages.length, 72, "WhatsApp has each once");
    const calls = await queryDatabase<Row>(
      `select sum(call_count)::int as total from public.provider_call_stats
       where org_id = $1::text::uuid and provider = 'whatsapp' and operation like 'send%'`,
      [tenant.orgId],
    );
    assert.deepEqual(calls, [{ total: 72 }], "and each call is counted once");
    assert.ok(lost.length > 0, "answers were lost");
  });
}

import assert from "node:assert/strict";
import { createTurnPorts } from "../support/create_turn_ports.ts";
import { queryDatabase } from "../support/query_database.ts";
import { createWhatsappTenant } from "../support/whatsapp.ts";
import { finishTurns } from "../../supabase/functions/_shared/services/jobs/finish_turns.ts";
import {
  MAX_TURN_ATTEMPTS,
  type TurnPorts,
} from "../../supabase/functions/_shared/services/run_turn.ts";
import { passTime } from "./harness/pass_time.ts";

const CONTACTS = 40;
const EACH = 10;
const WORKERS = 4;
/** One in a hundred. */
const isPoison = (contact: number, index: number) => index === 4 && contact % 10 === 3;

Deno.test("one poisonous message in a hundred is given up after exactly so many attempts, and keeps nobody back", async () => {
  const { orgId, phoneNumberId } = await createWhatsappTenant();
  await queryDatabase(
    `select public.ingest_whatsapp(jsonb_build_object('messages', jsonb_agg(jsonb_build_object(
       'd', 0, 'i', row_number, 'phone_number_id', $1::text, 'wamid', 'wamid.' || contact || '.' || index || '.' || $1::text,
       'type', 'text', 'phone', (250788600000 + contact)::text, 'needs_turn', true,
       'sent_at', now() - make_interval(secs => 1000 - index), 'payload', '{}'::jsonb,
       'content', jsonb_build_object('text', case when index = 4 and contact % 10 = 3 then 'poison' else index::text end)
     ))))
     from (
       select contact, index, row_number() over () from generate_series(0, $2::int - 1) as contact, generate_series(0, $3::int - 1) as index
     ) as written`,
    [phoneNumberId, CONTACTS, EACH],
  );
  const tries = new Map<string, number>();
  const base = createTurnPorts();
  const ports: TurnPorts = {
    ...base,
    loadDecision: async () => {
      const decision = await base.loadDecision();
      return {
        ...decision,
        decideTurn(input) {
          for (const { wamid, content } of input.turn.messages) {
            if (content["text"] === "poison") {
              tries.set(wamid, (tries.get(wamid) ?? 0) + 1);
              throw new Error("indigestible");
            }
          }
          return decision.decideTurn(input);
        },
      };
    },
  };
  const job = { messaging: ports, clock: ports.clock, logger: ports.logger };
  for (let round = 0; round < MAX_TURN_ATTEMPTS + 2; round += 1) {
    await Promise.all(Array.from(
      { length: WORKERS },
      () => finishTurns(job, undefined as never, { requestId: "test", record() {} }),
    ));
    await passTime(orgId);
  }

  const rows = await queryDatabase<{ wamid: string; disposition: string; attempts: number }>(
    "select wamid, disposition, attempts from public.inbound_messages where org_id = $1::text::uuid",
    [orgId],
  );
  assert.equal(rows.length, CONTACTS * EACH);
  for (const { wamid, disposition, attempts } of rows) {
    const [, contact, index] = wamid.split(".").map(Number);
    if (isPoison(contact!, index!)) {
      assert.deepEqual([disposition, attempts], ["dead_lettered", MAX_TURN_ATTEMPTS], wamid);
      assert.equal(tries.get(wamid), MAX_TURN_ATTEMPTS, `${wamid} was tried so often`);
    } else {
      assert.equal(disposition, "answered", wamid);
      assert.ok(attempts <= 1, `${wamid} lost ${attempts} attempts to its neighbour`);
    }
  }
  const letters = await queryDatabase<{ source_id: string; attempts: number; reason: string }>(
    "select source_id, attempts, reason from public.dead_letters where org_id = $1::text::uuid",
    [orgId],
  );
  assert.equal(letters.length, CONTACTS / 10);
  for (const { attempts, reason } of letters) {
    assert.deepEqual([attempts, reason], [MAX_TURN_ATTEMPTS, "indigestible"]);
  }
});

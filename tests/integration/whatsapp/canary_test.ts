import assert from "node:assert/strict";
import { callFunction } from "../../support/call_function.ts";
import { callRpc } from "../../support/call_rpc.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import { queryDatabase } from "../../support/query_database.ts";
import {
  createWamid,
  deliver,
  eventually,
  signDelivery,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

type Canary = {
  code: string;
  org_id: string;
  phone_number_id: string;
  from: string;
  text: string;
};
type Read = {
  code: string;
  answered: boolean;
  turn: { state: string; error: string | null } | null;
  sink: { state: string; wamid: string; type: string }[];
  milliseconds: number | null;
};

/** A delivery for the canary, signed as Meta signs. */
function writeCanary(canary: Canary) {
  const wamid = createWamid();
  const message = writeMessage({ id: wamid, from: canary.from, text: canary.text });
  return { wamid, body: writeDelivery(canary.phone_number_id, { messages: [message] }) };
}

const countGraphRequests = async () => {
  const requests = await controlSimulator<unknown[]>("graph", "GET", { path: "requests" });
  return requests.filter((request) => JSON.stringify(request).includes("/canary/")).length;
};

/** Everybody's share; answers what it was. */
async function setPercent(percent: number): Promise<number> {
  const [row] = await queryDatabase<{ percent: number }>(
    `with before as (
       select (value ->> 'unifiedServiceRolloutPercent')::int as percent
       from public.app_config where key = 'unified_service_flags'
     ), changed as (
       update public.app_config
       set value = jsonb_set(value, '{unifiedServiceRolloutPercent}', to_jsonb($1::text::int))
       where key = 'unified_service_flags'
     )
     select percent from before`,
    [percent],
  );
  return row!.percent;
}

Deno.test("the canary's delivery goes through ingest and a turn into the sink, at 0 %", async () => {
  const before = await setPercent(0);
  try {
    await proveCanary();
  } finally {
    await setPercent(before);
  }
});

async function proveCanary(): Promise<void> {
  const canary = await callRpc<Canary>("ensure_canary_organization", {});
  assert.equal(canary.code, "ready");
  const { wamid, body } = writeCanary(canary);
  assert.equal((await deliver(body)).status, 200);
  const read = await eventually(
    () => callRpc<Read>("read_canary", { wamid }),
    ({ answered }) => answered,
  );
  assert.equal(read.turn?.state, "answered");
  assert.ok(read.sink.length > 0);
  assert.ok(read.sink.every(({ state, wamid }) => state === "sent" && wamid.startsWith("sink.")));
  assert.ok(read.milliseconds !== null && read.milliseconds >= 0);
  const spent = await queryDatabase(
    `select 1 from public.provider_call_stats where org_id = $1::text::uuid
     union all select 1 from public.language_model_usage where org_id = $1::text::uuid
     union all select 1 from public.unified_agent_events where org_id = $1::text::uuid`,
    [canary.org_id],
  );
  assert.deepEqual(spent, [], "nobody was called, paid or counted");
  assert.equal(await countGraphRequests(), 0, "Meta was asked for nothing");
}

Deno.test("delivered twice it is answered once", async () => {
  const canary = await callRpc<Canary>("ensure_canary_organization", {});
  const { wamid, body } = writeCanary(canary);
  await Promise.all([deliver(body), deliver(body)]);
  const read = await eventually(
    () => callRpc<Read>("read_canary", { wamid }),
    ({ answered }) => answered,
  );
  assert.equal(read.sink.length, 1);
});

Deno.test("without a good signature it is refused, and nothing of it is stored", async () => {
  const canary = await callRpc<Canary>("ensure_canary_organization", {});
  const { wamid, body } = writeCanary(canary);
  for (const headers of [{}, { "x-hub-signature-256": signDelivery(body, "another secret") }]) {
    const refused = await callFunction("unified-webhook/whatsapp", { body, headers });
    assert.equal(refused.status, 401);
  }
  const read = await callRpc<{ delivery: unknown }>("read_canary", { wamid });
  assert.equal(read.delivery, null);
});

import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import type { CallTenant } from "./support.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import { callFunction } from "../../support/call_function.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import { restartFunction } from "../../support/restart_function.ts";
import {
  createWamid,
  deliver,
  eventually,
  setRollout,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";
import { injectFault, listRequests, waitUntil } from "../support/workspace.ts";
import {
  createCallTenant,
  describeCall,
  describeReport,
  runWorker,
  sendMessage,
} from "./support.ts";

const ALWAYS = Object.fromEntries(
  ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    .map((day) => [day, ["00:00-24:00"]]),
);

type Tenant = CallTenant & { whatsappNumberId: string };
type Settings = { calling_hours?: object; call_countries?: string[]; daily_call_minutes?: number };

/** An organization that may call people of Rwanda at any time, unless `settings` says otherwise. */
async function createCallingTenant(settings: Settings = {}): Promise<Tenant> {
  const tenant = await createCallTenant();
  await setRollout(tenant.orgId, 100);
  await changeSettings(tenant, { calling_hours: ALWAYS, call_countries: ["RW"], ...settings });
  return { ...tenant, whatsappNumberId: tenant.accounts.whatsapp.phoneNumberId };
}

function changeSettings({ orgId }: Pick<Tenant, "orgId">, settings: Settings) {
  return queryDatabase(
    `update public.organization_settings as settings
     set time_zone = 'UTC', daily_token_budget = 0,
       calling_hours = coalesce(given.calling_hours, settings.calling_hours),
       call_countries = coalesce(given.call_countries, settings.call_countries),
       daily_call_minutes = coalesce(given.daily_call_minutes, settings.daily_call_minutes)
     from jsonb_to_record($2::text::jsonb)
       as given (calling_hours jsonb, call_countries text[], daily_call_minutes integer)
     where settings.org_id = $1::text::uuid`,
    [orgId, JSON.stringify(settings)],
  );
}

const createPhone = (code = "25078") => `${code}${String(randomInt(10_000_000)).padStart(7, "0")}`;

/** Says one thing after the other in the chat, and answers what was said last. */
async function say(tenant: Tenant, phone: string, ...texts: string[]): Promise<string> {
  let said = "";
  for (const text of texts) {
    const id = createWamid();
    await deliver(
      writeDelivery(tenant.whatsappNumberId, {
        messages: [writeMessage({ id, from: phone, text })],
      }),
    );
    await eventually(
      () =>
        queryDatabase<{ disposition: string }>(
          "select disposition from public.inbound_messages where org_id = $1::text::uuid and wamid = $2",
          [tenant.orgId, id],
        ),
      ([row]) => row !== undefined && row.disposition !== "received",
    );
    const [last] = await queryDatabase<{ text: string }>(
      `select message.content ->> 'text' as text from public.outbound_messages as message
       join public.contact_identities as identity
         on identity.org_id = message.org_id and identity.contact_id = message.contact_id
       where message.org_id = $1::text::uuid and identity.value = $2 and message.kind = 'reply'
       order by message.sequence desc limit 1`,
      [tenant.orgId, phone],
    );
    said = last?.text ?? "";
  }
  return said;
}
const ask = (tenant: Tenant, phone: string) =>
  say(tenant, phone, "please call me back", "the price of solar kits", "skip", "skip", "yes");

type Row = {
  id: string;
  state: string;
  reason_code: string | null;
  vapi_call_id: string | null;
  due_at: string;
  attempts: number;
};
function readRequests(tenant: Pick<Tenant, "orgId">): Promise<Row[]> {
  return queryDatabase<Row>(
    `select id::text, state, reason_code, vapi_call_id, due_at::text, attempts
     from public.call_requests where org_id = $1::text::uuid order by created_at`,
    [tenant.orgId],
  );
}
async function readRequest(tenant: Pick<Tenant, "orgId">): Promise<Row> {
  const [row, ...others] = await readRequests(tenant);
  assert.ok(row !== undefined && others.length === 0, `${others.length} others`);
  return row;
}

/** A request as the chat leaves it, without its words. */
async function request(tenant: Tenant, phone = createPhone()): Promise<string> {
  await queryDatabase(
    `insert into public.call_requests (org_id, contact_id, reason)
     select $1::text::uuid, private.resolve_contact($1::text::uuid, $2, null), 'Prices'`,
    [tenant.orgId, phone],
  );
  return (await readRequest(tenant)).id;
}

const placed = async (tenant: Tenant) =>
  (await listRequests("vapi", tenant.accounts.vapi.key))
    .filter(({ method, path }) => method === "POST" && path === "/call");
const makeDue = (tenant: Tenant) =>
  queryDatabase(
    "update public.call_requests set due_at = now() where org_id = $1::text::uuid",
    [tenant.orgId],
  );
/** As if the request had been intended by somebody who died that many seconds ago. */
const intend = (tenant: Tenant, secondsAgo: number) =>
  queryDatabase(
    `update public.call_requests as asked
     set state = 'intended', intended_at = now() - make_interval(secs => $2::text::int), due_at = now(),
       intent = jsonb_build_object('fencing_token', 0, 'assistant_id', agent.vapi_assistant_id,
         'phone_number_id', 'n', 'fingerprint', vapi.fingerprint)
     from public.agents as agent
     join public.integrations as vapi on vapi.org_id = agent.org_id and vapi.provider = 'vapi'
     where asked.org_id = $1::text::uuid and agent.org_id = asked.org_id and agent.role = 'outbound'`,
    [tenant.orgId, String(secondsAgo)],
  );
const told = async (tenant: Tenant) =>
  (await queryDatabase<{ text: string }>(
    `select content ->> 'text' as text from public.outbound_messages
     where org_id = $1::text::uuid and kind = 'initiated' order by sequence`,
    [tenant.orgId],
  )).map(({ text }) => text);
const alerts = async (tenant: Tenant) =>
  (await queryDatabase<{ rule: string }>(
    "select rule from public.alerts where org_id = $1::text::uuid and rule like 'call_back_%'",
    [tenant.orgId],
  )).map(({ rule }) => rule);

Deno.test("call back: asked for in the chat, placed once, and led to its end by the call's events", async () => {
  const tenant = await createCallingTenant();
  const phone = createPhone();
  assert.match(await ask(tenant, phone), /somebody will call you/);
  assert.match(await ask(tenant, phone), /replaces the call/);
  await Promise.all([runWorker("place_calls"), runWorker("place_calls")]);
  await runWorker("place_calls");

  const row = await readRequest(tenant);
  const [call, ...others] = await placed(tenant);
  assert.equal(others.length, 0);
  assert.equal(call?.status, 201);
  const numbers = await controlSimulator<{ phoneNumbers: { id: string }[] }>("vapi", "GET", {
    path: `state?${new URLSearchParams({ account: tenant.accounts.vapi.key })}`,
  });
  const { assistantOverrides, ...body } = call?.body as {
    assistantOverrides: { variableValues: Record<string, string> };
  };
  const { call_reason, ...rest } = assistantOverrides.variableValues;
  assert.match(call_reason ?? "", /^<person-([0-9a-f]+)>\nthe price of solar kits\n<\/person-\1>$/);
  assert.deepEqual(Object.keys(rest), ["contact_name"]);
  assert.deepEqual(body, {
    assistantId: tenant.assistants.outbound,
    phoneNumberId: numbers.phoneNumbers[0]?.id,
    customer: { number: `+${phone}` },
    name: `cb-${row.id}`,
  });
  assert.equal(row.state, "placed");

  const id = row.vapi_call_id!;
  const options = { customer: `+${phone}`, direction: "outboundPhoneCall" };
  await sendMessage(tenant, {
    ...describeCall(id, options),
    type: "status-update",
    status: "in-progress",
  });
  assert.equal((await readRequest(tenant)).state, "answered");
  await sendMessage(tenant, describeReport(id, options));
  assert.equal((await readRequest(tenant)).state, "completed");
  assert.deepEqual(await told(tenant), []);

  // The one before is over: another may be asked for.
  assert.match(await ask(tenant, phone), /somebody will call you/);
  await runWorker("place_calls");
  assert.deepEqual((await readRequests(tenant)).map(({ state }) => state), ["completed", "placed"]);
  assert.equal((await placed(tenant)).length, 2);
});

Deno.test("call back: who isn't reached is told, and may ask again", async () => {
  const tenant = await createCallingTenant();
  const phone = createPhone();
  await request(tenant, phone);
  await runWorker("place_calls");
  const { vapi_call_id: id } = await readRequest(tenant);
  const options = { customer: `+${phone}`, direction: "outboundPhoneCall" };
  const { startedAt: _started, ...report } = describeReport(id!, options);
  await sendMessage(tenant, { ...report, endedReason: "customer-did-not-answer" });
  const row = await readRequest(tenant);
  assert.deepEqual([row.state, row.reason_code], ["failed", "not_reached"]);
  assert.match((await told(tenant)).join(), /did not reach you/);
  assert.deepEqual(await alerts(tenant), []);
});

Deno.test("call back: an answer that was lost is looked for, and nobody rings twice", async () => {
  const tenant = await createCallingTenant();
  await request(tenant);
  {
    await using _fault = await injectFault("vapi", tenant.accounts.vapi.key, {
      method: "POST",
      path: "/call",
      mode: "drop",
      moment: "after",
      times: 1,
    });
    await runWorker("place_calls");
  }
  assert.equal((await readRequest(tenant)).state, "placed");
  await makeDue(tenant);
  await runWorker("place_calls");
  assert.equal((await placed(tenant)).length, 1);
});

Deno.test("call back: what Vapi never took is tried again when nothing can be on its way", async () => {
  const tenant = await createCallingTenant();
  await request(tenant);
  {
    await using _fault = await injectFault("vapi", tenant.accounts.vapi.key, {
      method: "POST",
      path: "/call",
      mode: "drop",
      times: 1,
    });
    await runWorker("place_calls");
  }
  assert.equal((await readRequest(tenant)).state, "intended");
  await makeDue(tenant);
  await runWorker("place_calls");
  assert.equal((await readRequest(tenant)).state, "intended");
  assert.equal((await placed(tenant)).length, 1, "the one that was dropped");
  await intend(tenant, 121);
  await runWorker("place_calls");
  assert.equal((await readRequest(tenant)).state, "placed");
  assert.equal((await placed(tenant)).length, 2);
});

Deno.test("call back: a worker that is killed while Vapi is asked leaves one call", async () => {
  const tenant = await createCallingTenant();
  await request(tenant);
  {
    await using _fault = await injectFault("vapi", tenant.accounts.vapi.key, {
      method: "POST",
      path: "/call",
      mode: "hang",
      moment: "after",
    });
    // Only begun: the run dies with its worker.
    await callFunction("worker/run", {
      apiKey: readStack().secret_key,
      body: { kind: "place_calls" },
    });
    await waitUntil("the call at Vapi", async () => (await placed(tenant)).length === 1);
    await restartFunction("worker");
  }
  assert.equal((await readRequest(tenant)).state, "intended");
  // Its lease and the job's run out.
  await makeDue(tenant);
  await queryDatabase(
    "update public.background_jobs set available_at = now() where kind = 'place_calls' and state = 'claimed'",
    [],
  );
  await runWorker("place_calls");
  assert.equal((await readRequest(tenant)).state, "placed");
  assert.equal((await placed(tenant)).length, 1);
});

Deno.test("call back: an event by the call's name tells that it was made, and nobody calls again", async () => {
  const tenant = await createCallingTenant();
  const phone = createPhone();
  const id = await request(tenant, phone);
  await intend(tenant, 300);
  const vapiCallId = crypto.randomUUID();
  const { call } = describeCall(vapiCallId, {
    customer: `+${phone}`,
    direction: "outboundPhoneCall",
  });
  await sendMessage(tenant, {
    call: { ...call, name: `cb-${id}` },
    type: "status-update",
    status: "ringing",
  });
  await runWorker("place_calls");
  const row = await readRequest(tenant);
  assert.deepEqual([row.state, row.vapi_call_id], ["placed", vapiCallId]);
  assert.equal((await placed(tenant)).length, 0);
});

Deno.test("call back: what nobody can look up is left to a person", async () => {
  const tenant = await createCallingTenant();
  await request(tenant);
  await intend(tenant, 300);
  await queryDatabase(
    'update public.call_requests set intent = intent || \'{"fingerprint": "another"}\' where org_id = $1::text::uuid',
    [tenant.orgId],
  );
  await runWorker("place_calls");
  const row = await readRequest(tenant);
  assert.deepEqual([row.state, row.reason_code], ["unknown", "account_changed"]);
  assert.deepEqual(await alerts(tenant), ["call_back_unknown"]);
  assert.equal((await placed(tenant)).length, 0);
});

Deno.test("call back: outside the calling hours and over the day's minutes it waits", async () => {
  const tenant = await createCallingTenant();
  await request(tenant);
  const now = new Date();
  const later = new Date(now.getTime() + 2 * 86_400_000).getUTCDay();
  const days = Object.keys(ALWAYS);
  await changeSettings(tenant, {
    calling_hours: { [days[(later + 6) % 7]!]: ["09:00-10:00"] },
  });
  await runWorker("place_calls");
  let row = await readRequest(tenant);
  assert.deepEqual([row.state, row.reason_code], ["requested", "outside_hours"]);
  const hours = (Date.parse(row.due_at) - now.getTime()) / 3_600_000;
  assert.ok(hours > 24 && hours < 72 && new Date(row.due_at).getUTCHours() === 9, row.due_at);

  await changeSettings(tenant, { calling_hours: ALWAYS, daily_call_minutes: 10 });
  await queryDatabase(
    `with call as (
       insert into public.call_tracking (org_id, vapi_call_id, state, ended_at, reported_at)
       values ($1::text::uuid, gen_random_uuid()::text, 'ended', now(), now()) returning *
     )
     insert into public.call_logs (org_id, vapi_call_id, call_tracking_id, duration_seconds, ended_at, created_at)
     -- Of this day, though midnight comes before the worker looks.
     select org_id, vapi_call_id, id, 600, now(), now() + interval '1 hour' from call`,
    [tenant.orgId],
  );
  await makeDue(tenant);
  await runWorker("place_calls");
  row = await readRequest(tenant);
  assert.deepEqual([row.state, row.reason_code], ["requested", "minutes_spent"]);
  assert.equal(new Date(row.due_at).getUTCHours(), 0);
  assert.ok(Date.parse(row.due_at) > Date.now());
  assert.equal((await placed(tenant)).length, 0);

  await changeSettings(tenant, { daily_call_minutes: 11 });
  await makeDue(tenant);
  await runWorker("place_calls");
  assert.equal((await readRequest(tenant)).state, "placed");
});

Deno.test("call back: while calls are switched off nobody is called, and then they are", async () => {
  const tenant = await createCallingTenant();
  await request(tenant);
  const deny = (denied: string[]) =>
    queryDatabase(
      `update public.app_config set value = value || jsonb_build_object('deny', $1::text::jsonb)
       where key = 'vapi_tier_flags'`,
      [JSON.stringify(denied)],
    );
  await deny([tenant.orgId]);
  try {
    await runWorker("place_calls");
  } finally {
    await deny([]);
  }
  const row = await readRequest(tenant);
  assert.deepEqual([row.state, row.reason_code], ["requested", "tier_off"]);
  await makeDue(tenant);
  await runWorker("place_calls");
  assert.equal((await readRequest(tenant)).state, "placed");
});

Deno.test("call back: another country is refused before anything is asked", async () => {
  const tenant = await createCallingTenant();
  const phone = createPhone("25471");
  assert.match(await say(tenant, phone, "please call me back"), /numbers of your country/);
  assert.deepEqual(await readRequests(tenant), []);

  // It was allowed when it was asked for.
  await request(tenant, phone);
  await runWorker("place_calls");
  const row = await readRequest(tenant);
  assert.deepEqual([row.state, row.reason_code], ["refused", "country_not_allowed"]);
  assert.match((await told(tenant)).join(), /can't call you at this number/);
  assert.equal((await placed(tenant)).length, 0);
});

Deno.test("call back: it can be cancelled in the chat, and nobody calls", async () => {
  const tenant = await createCallingTenant();
  const phone = createPhone();
  await ask(tenant, phone);
  assert.match(await say(tenant, phone, "cancel my call", "yes"), /is cancelled/);
  await makeDue(tenant);
  await runWorker("place_calls");
  assert.equal((await readRequest(tenant)).state, "cancelled");
  assert.equal((await placed(tenant)).length, 0);
  assert.match(await say(tenant, phone, "cancel my call"), /none to cancel/);
});

Deno.test("call back: who couldn't be called for ten days is told, and no longer waits", async () => {
  const tenant = await createCallingTenant({ daily_call_minutes: 0 });
  const phone = createPhone();
  assert.match(await say(tenant, phone, "please call me back"), /can't call people at the moment/);
  await request(tenant, phone);
  await runWorker("place_calls");
  assert.equal((await readRequest(tenant)).reason_code, "minutes_spent");
  await queryDatabase(
    "update public.call_requests set not_before = now() - interval '11 days' where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await makeDue(tenant);
  await runWorker("place_calls");
  const row = await readRequest(tenant);
  assert.deepEqual([row.state, row.reason_code], ["refused", "expired"]);
  assert.match((await told(tenant)).join(), /could not make the call/);
});

Deno.test("call back: STOP and a paused agent end it", async () => {
  const tenant = await createCallingTenant();
  const phone = createPhone();
  await ask(tenant, phone);
  await say(tenant, phone, "STOP");
  await runWorker("place_calls");
  const row = await readRequest(tenant);
  assert.deepEqual([row.state, row.reason_code], ["refused", "opted_out"]);
  assert.match(await say(tenant, phone, "please call me back"), /STOP/);

  const other = await createCallingTenant();
  await request(other);
  await queryDatabase(
    "update public.agents set state = 'paused' where org_id = $1::text::uuid and role = 'outbound'",
    [other.orgId],
  );
  await runWorker("place_calls");
  assert.deepEqual((await readRequest(other)).reason_code, "not_connected");
  assert.equal((await placed(tenant)).length + (await placed(other)).length, 0);
});

Deno.test("call back: another organization's events say nothing of it, and its calls are its own", async () => {
  const [mine, theirs] = [await createCallingTenant(), await createCallingTenant()];
  const phone = createPhone();
  await request(mine, phone);
  await request(theirs, phone);
  await runWorker("place_calls");
  const { vapi_call_id: id } = await readRequest(mine);
  const options = { customer: `+${phone}`, direction: "outboundPhoneCall" };
  await sendMessage(theirs, describeReport(id!, options));
  assert.equal((await readRequest(mine)).state, "placed");
  assert.equal((await readRequest(theirs)).state, "placed");
  await sendMessage(mine, describeReport(id!, options));
  assert.equal((await readRequest(mine)).state, "completed");
  assert.equal((await readRequest(theirs)).state, "placed");
  assert.equal((await placed(mine)).length, 1);
  assert.equal((await placed(theirs)).length, 1);
});

Deno.test("call back: what Vapi refuses is told to the person and to an operator", async () => {
  const tenant = await createCallingTenant();
  await request(tenant);
  {
    await using _fault = await injectFault("vapi", tenant.accounts.vapi.key, {
      method: "POST",
      path: "/call",
      mode: "status",
      status: 400,
    });
    await runWorker("place_calls");
  }
  const row = await readRequest(tenant);
  assert.deepEqual([row.state, row.reason_code], ["failed", "refused_by_vapi"]);
  assert.match((await told(tenant)).join(), /could not make the call/);
  assert.deepEqual(await alerts(tenant), ["call_back_failed"]);
});

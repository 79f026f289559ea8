import assert from "node:assert/strict";
import { queryDatabase } from "../../support/query_database.ts";
import {
  countRows,
  createCallTenant,
  describeCall,
  describeLife,
  describeReport,
  newCallId,
  readCall,
  sendBody,
  sendMessage,
  shuffle,
  untilTaken,
} from "./support.ts";

const tenant = await createCallTenant();
const other = await createCallTenant();

/** Everything of a call but when our rows were written. */
async function picture(id: string): Promise<unknown> {
  const [row] = await queryDatabase<{ picture: Record<string, unknown> }>(
    `select jsonb_build_object(
       'tracking', to_jsonb(tracking) - 'id' - 'vapi_call_id' - 'created_at' - 'updated_at' - 'reported_at',
       'reported', tracking.reported_at is not null,
       'log', to_jsonb(log) - 'id' - 'vapi_call_id' - 'call_tracking_id' - 'created_at' - 'updated_at',
       'content', to_jsonb(content) - 'id' - 'vapi_call_id' - 'call_tracking_id' - 'created_at' - 'updated_at'
     ) as picture
     from public.call_tracking as tracking
     join public.call_logs as log on log.call_tracking_id = tracking.id
     join public.calls as content on content.call_tracking_id = tracking.id
     where tracking.vapi_call_id = $1`,
    [id],
  );
  return row?.picture;
}

Deno.test("a call from its first ring to its report", async () => {
  const id = newCallId();
  const states = [];
  for (const message of describeLife(id)) {
    const answer = await sendMessage(tenant, message);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(answer.body, {});
    states.push((await readCall(id))?.state);
  }
  assert.deepEqual(states, ["queued", "rung", "answered", "answered", "ended", "ended"]);
  assert.deepEqual({ ...(await readCall(id)), contact_id: null }, {
    state: "ended",
    outcome: "completed",
    summary: "They asked for the hours.",
    transcript: "AI: Hello\nUser: When do you open?",
    duration_seconds: 61,
    ended_reason: "customer-ended-call",
    contact_id: null,
    org_id: tenant.orgId,
    reported: true,
  });
});

Deno.test("each event two to five times, at once and shuffled: the same call every time", async () => {
  const reference = newCallId();
  for (const message of describeLife(reference)) await sendMessage(tenant, message);
  const expected = await picture(reference);
  const ids = Array.from({ length: 12 }, newCallId);
  const deliveries = ids.flatMap((id, place) =>
    describeLife(id).flatMap((message, index) =>
      Array.from({ length: 2 + (place + index) % 4 }, () => message)
    )
  );
  const seed = Math.floor(performance.now());
  const shuffled = shuffle(deliveries, seed);
  // Sixteen senders, as a provider with retries is.
  await Promise.all(Array.from({ length: 16 }, async (_, sender) => {
    for (let place = sender; place < shuffled.length; place += 16) {
      const answer = await untilTaken(() => sendMessage(tenant, shuffled[place]!));
      assert.equal(answer.status, 200, answer.text);
    }
  }));
  for (const id of ids) assert.deepEqual(await picture(id), expected, `seed ${seed}`);
  const prefix = ids.map((id) => `vapi:${id}:`);
  const claimed = await countRows(
    `public.processed_webhook_events as event
     where exists (select 1 from unnest($1::text[]) as prefix where starts_with(event_id, prefix))`,
    [prefix],
  );
  assert.equal(claimed, ids.length * 6);
});

Deno.test("a report before anything else makes the call", async () => {
  const id = newCallId();
  const [first, ...rest] = describeLife(id).toReversed();
  assert.equal((await sendMessage(tenant, first!)).status, 200);
  const told = await readCall(id);
  assert.equal(told?.state, "ended");
  assert.equal(told?.reported, true);
  for (const message of rest) await sendMessage(tenant, message);
  assert.deepEqual(await readCall(id), told);
});

Deno.test("older integrations' shapes tell the same story", async () => {
  const id = newCallId();
  const { call } = describeCall(id);
  const { type: _type, call: _call, ...report } = describeReport(id);
  const headers = { "x-vapi-secret": tenant.secret };
  for (
    const body of [
      { type: "call.started", call },
      { type: "call.started", call },
      { type: "call.ended", call: { ...call, ...report } },
    ]
  ) {
    assert.equal((await sendBody(body, { headers })).status, 200);
  }
  const told = await readCall(id);
  assert.equal(told?.state, "ended");
  assert.equal(told?.duration_seconds, 61);
  assert.equal(told?.transcript, "AI: Hello\nUser: When do you open?");
});

Deno.test("the same person on the phone and elsewhere is one contact", async () => {
  const [one, two] = [newCallId(), newCallId()];
  for (const [id, number] of [[one, "+250 788 555 666"], [two, "00250788555666"]] as const) {
    await sendMessage(tenant, {
      ...describeCall(id, { customer: number }),
      type: "status-update",
      status: "in-progress",
    });
  }
  const first = await readCall(one);
  assert.notEqual(first?.contact_id, null);
  assert.equal((await readCall(two))?.contact_id, first?.contact_id);
});

Deno.test("an event signed for one organization can't touch another's call", async (test) => {
  const id = newCallId();
  const customer = "+250788777888";
  const life = describeLife(id, { customer });
  for (const message of life.slice(0, 3)) await sendMessage(tenant, message);
  const before = await readCall(id);
  const contacts = () =>
    countRows(
      `public.contact_identities where org_id = $1::text::uuid and value = '250788777888'`,
      [other.orgId],
    );

  for (const message of life) {
    await test.step(`${message.type} ${message.status ?? ""}`, async () => {
      const answer = await sendMessage(other, message);
      assert.equal(answer.status, 403, answer.text);
      assert.equal(answer.body.code, "forbidden");
    });
  }
  await test.step("assistant-request hears a polite sentence", async () => {
    const answer = await sendMessage(other, {
      ...describeCall(id, { customer }),
      type: "assistant-request",
    });
    assert.equal(answer.status, 200);
    assert.match(String(answer.body.error), /^Sorry/);
  });
  await test.step("tool-calls take no message", async () => {
    const answer = await sendMessage(other, {
      ...describeCall(id, { customer }),
      type: "tool-calls",
      toolCallList: [{ id: "t1", name: "take_message", arguments: { message: "Hi" } }],
    });
    assert.equal(answer.status, 200);
    const [result] = answer.body.results as { error?: string }[];
    assert.match(result?.error ?? "", /not possible/);
  });
  await test.step("transfer-destination-request gets no number", async () => {
    const answer = await sendMessage(other, {
      ...describeCall(id, { customer }),
      type: "transfer-destination-request",
    });
    assert.ok("error" in answer.body);
  });
  assert.deepEqual(await readCall(id), before);
  assert.equal(await contacts(), 0);
  assert.equal(
    await countRows("public.taken_messages where org_id = $1::text::uuid", [other.orgId]),
    0,
  );
  const alerts = await countRows(
    `public.alerts where org_id = $1::text::uuid and rule = 'foreign_call_refused'
     and severity = 'critical'`,
    [other.orgId],
  );
  assert.equal(alerts, 1);
});

Deno.test("a missed call is followed up on WhatsApp, once, where it is switched on", async () => {
  const missed = (id: string) => ({
    ...describeReport(id, { customer: "+250788444333" }),
    endedReason: "assistant-request-returned-error",
    startedAt: undefined,
    artifact: {},
  });
  const sent = (id: string) =>
    countRows("public.outbound_messages where dedupe_key = $1", [`missed_call:${id}`]);
  const before = newCallId();
  await sendMessage(tenant, missed(before));
  assert.equal((await readCall(before))?.outcome, "missed");
  assert.equal(await sent(before), 0);
  await queryDatabase(
    `update public.organization_settings set missed_call_follow_up = true
     where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  const id = newCallId();
  await Promise.all(Array.from({ length: 4 }, () => sendMessage(tenant, missed(id))));
  assert.equal(await sent(id), 1);
});

Deno.test("a report that the database can't hold is a dead letter after five attempts", async () => {
  // A length that no column takes stands for what nobody thought of.
  await queryDatabase(
    `alter table public.call_logs add constraint test_refuses_this
     check (summary is distinct from 'The summary that breaks it') not valid`,
  );
  const id = newCallId();
  const message = { ...describeReport(id), analysis: { summary: "The summary that breaks it" } };
  const statuses: number[] = [];
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      const answer = await sendMessage(tenant, message);
      statuses.push(answer.status);
      if (answer.status === 503) assert.ok(Number(answer.headers.get("retry-after")) > 0);
    }
  } finally {
    await queryDatabase("alter table public.call_logs drop constraint test_refuses_this");
  }
  assert.deepEqual(statuses, [503, 503, 503, 503, 200]);
  assert.equal(await readCall(id), undefined);
  const [letter] = await queryDatabase<{ attempts: number; reason: string; type: string }>(
    `select attempts, reason, payload #>> '{body,message,type}' as type
     from public.dead_letters where source = 'vapi' and source_id = $1`,
    [`vapi:${id}:end-of-call-report`],
  );
  assert.equal(letter?.attempts, 5);
  assert.match(letter?.reason ?? "", /test_refuses_this/);
  assert.equal(letter?.type, "end-of-call-report");
});

Deno.test("a signed body that can't be read is kept and acknowledged", async () => {
  const headers = { "x-vapi-secret": tenant.secret };
  const bytes = new Uint8Array([0x7b, 0x00, 0xff, 0x22]);
  const answer = await sendBody(bytes, { headers });
  assert.equal(answer.status, 200);
  const kept = await countRows(
    `public.unparsed_deliveries where source = 'vapi' and signed_by_org_id = $1::text::uuid
     and body = decode('7b00ff22', 'hex')`,
    [tenant.orgId],
  );
  assert.equal(kept, 1);
});

import assert from "node:assert/strict";
import { callFunction } from "../../support/call_function.ts";
import {
  passLegacyTime,
  readLegacyDeliveries,
  runWorker,
  setWebhooks,
  startLegacy,
} from "../../support/legacy.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { restartFunction } from "../../support/restart_function.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  setRollout,
  signDelivery,
  type TestMessage,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";
import { startExtraFunction } from "../support/start_extra_function.ts";
import { createForwardPorts } from "../../support/create_forward_ports.ts";
import { forwardDeliveries } from "../../../supabase/functions/_shared/services/forward_deliveries.ts";

type Tenant = Awaited<ReturnType<typeof createWhatsappTenant>>;
type Row = Record<string, unknown>;

const say = (tenant: Tenant, ...messages: TestMessage[]) =>
  writeDelivery(tenant.phoneNumberId, {
    contacts: [...new Set(messages.map(({ from = "16505551234" }) => from))].map((from) => ({
      profile: { name: `Person ${from}` },
      wa_id: from,
    })),
    messages: messages.map((message) => writeMessage(message)),
  });
const readDispositions = async ({ orgId }: Tenant) =>
  (await queryDatabase<Row>(
    `select wamid, disposition from public.inbound_messages
     where org_id = $1::text::uuid order by wamid`,
    [orgId],
  )).map(({ wamid, disposition }) => `${wamid} ${disposition}`);
const readOutbox = ({ orgId }: Tenant) =>
  queryDatabase<Row>("select state from public.outbound_messages where org_id = $1::text::uuid", [
    orgId,
  ]);
const forwarded = (count: number, ...tenants: Tenant[]) =>
  eventually(
    () => readLegacyDeliveries(...tenants.map(({ phoneNumberId }) => phoneNumberId)),
    (rows) => rows.filter(({ state }) => state === "forwarded").length === count,
  );
const outside = () => createWhatsappTenant({ isInRollout: false });
/** These keys of one organization's, whatever its percentage; others of the tests have other numbers. */
const allow = (...keys: string[]) =>
  queryDatabase(
    `update public.app_config set value = jsonb_set(value, '{allow}', $1::text::jsonb)
     where key = 'unified_service_flags'`,
    [JSON.stringify(keys)],
  );
const readParts = (body: string) =>
  (JSON.parse(body).entry as { changes: { value: Row }[] }[])
    .flatMap(({ changes }) => changes.map(({ value }) => value));
const listIds = (body: string) =>
  readParts(body).flatMap(({ messages = [], statuses = [] }) =>
    [...messages as Row[], ...statuses as Row[]].map(({ id }) => id)
  );

Deno.test("a delivery of people outside goes out as it came, byte for byte", async () => {
  await using legacy = await startLegacy();
  const tenant = await outside();
  // Not as JSON.stringify writes, with an escape that isn't needed and a key that nobody knows.
  const body = say(tenant, { id: "wamid.a", text: "Ça va 🌍" }, {
    id: "wamid.b",
    from: "250788000111",
  })
    .replace('{"object"', '{  "new_key" : 1e2, "object"').replace(
      "16505551234",
      "1\\u0036505551234",
    );
  assert.equal((await deliver(body)).status, 200);
  const [row] = await forwarded(1, tenant);
  assert.deepEqual([row?.["is_whole"], row?.["attempts"], row?.["is_forgotten"]], [true, 1, true]);
  const taken = await legacy.readTaken();
  assert.deepEqual(taken, [
    { hook: "wa-webhook-ai-agents", deliveryId: row?.["id"], attempt: "1", body },
  ]);
  assert.deepEqual(await readDispositions(tenant), ["wamid.a forwarded", "wamid.b forwarded"]);
  assert.equal((await deliver(body)).status, 200);
  assert.equal(
    (await readLegacyDeliveries(tenant.phoneNumberId)).length,
    1,
    "Meta repeats, we don't",
  );
  assert.deepEqual(await readOutbox(tenant), [], "and nobody answers them");
});

Deno.test("of a delivery of people inside and outside a part goes out, signed anew", async () => {
  await using legacy = await startLegacy();
  const tenant = await outside();
  const inside = "250788555001";
  await allow(inside);
  try {
    await deliver(say(
      tenant,
      { id: "wamid.in", from: inside, text: "menu" },
      { id: "wamid.out", from: "250788555002", text: "Ça va 🌍" },
      { id: "wamid.edit", from: "250788555002", type: "edit", edit: { original_message_id: "x" } },
    ));
    const [row] = await forwarded(1, tenant);
    assert.equal(row?.["is_whole"], false);
    const [taken] = await legacy.readTaken();
    assert.deepEqual(listIds(taken!.body), ["wamid.out", "wamid.edit"]);
    const [value] = readParts(taken!.body);
    assert.deepEqual(value?.["contacts"], [
      { profile: { name: "Person 250788555002" }, wa_id: "250788555002" },
    ]);
    assert.equal((value?.["messages"] as { text?: unknown }[])[0]?.text instanceof Object, true);
    assert.ok(!taken!.body.includes(inside), "nothing of whoever is inside");
    assert.deepEqual(await legacy.readRefused(), [], "the signature is valid");
    await eventually(() => readOutbox(tenant), (rows) => rows[0]?.["state"] === "sent");
    assert.deepEqual(await readDispositions(tenant), [
      "wamid.edit forwarded",
      "wamid.in answered",
      "wamid.out forwarded",
    ]);
  } finally {
    await allow();
  }
});

Deno.test("two organizations: one delivery whole, or each its own part", async () => {
  await using legacy = await startLegacy();
  const [first, second] = [await outside(), await outside()];
  const both = (one: string, other: string) => {
    const [left, right] = [say(first, { id: one }), say(second, { id: other })]
      .map((body) => JSON.parse(body));
    return JSON.stringify({ ...left, entry: [...left.entry, ...right.entry] });
  };
  const body = both("wamid.1", "wamid.2");
  await deliver(body);
  const [row] = await forwarded(1, first, second);
  assert.deepEqual([row?.["is_whole"], row?.["org_id"]], [true, null]);
  assert.deepEqual((await legacy.readTaken()).map((taken) => taken.body), [body]);
  await setRollout(second.orgId, 100);
  await deliver(both("wamid.3", "wamid.4"));
  const [, part] = await forwarded(2, first, second);
  assert.deepEqual([part?.["is_whole"], part?.["org_id"]], [false, first.orgId]);
  assert.deepEqual(listIds((await legacy.readTaken())[1]!.body), ["wamid.3"]);
  await eventually(() => readOutbox(second), (rows) => rows[0]?.["state"] === "sent");
});

Deno.test("an organization's own app secret signs what is its own", async () => {
  const appSecret = "b".repeat(32);
  await using legacy = await startLegacy({ appSecret });
  const tenant = await createWhatsappTenant({ isInRollout: false, appSecret });
  await allow("250788555003");
  try {
    const whole = say(tenant, { id: "wamid.whole" });
    await deliver(whole, { secret: appSecret });
    await deliver(
      say(tenant, { id: "wamid.in", from: "250788555003" }, { id: "wamid.part" }),
      { secret: appSecret },
    );
    await forwarded(2, tenant);
    const bodies = (await legacy.readTaken()).map(({ body }) => body);
    assert.ok(bodies.includes(whole));
    assert.deepEqual(bodies.filter((body) => body !== whole).map(listIds), [["wamid.part"]]);
    assert.deepEqual(await legacy.readRefused(), []);
  } finally {
    await allow();
  }
});

Deno.test("what isn't signed is never forwarded", async () => {
  await using legacy = await startLegacy();
  const tenant = await outside();
  const body = say(tenant, { id: "wamid.forged" });
  for (const header of ["", "sha256=", signDelivery(`${body} `), signDelivery(body, "other")]) {
    const answer = await deliver(body, { headers: { "x-hub-signature-256": header } });
    assert.equal(answer.status, 401);
  }
  await deliver(say(tenant, { id: "wamid.signed" }));
  await forwarded(1, tenant);
  assert.deepEqual((await legacy.readTaken()).flatMap(({ body }) => listIds(body)), [
    "wamid.signed",
  ]);
});

Deno.test("statuses of messages that we didn't send are the older service's", async () => {
  await using legacy = await startLegacy();
  const tenant = await createWhatsappTenant();
  await deliver(say(tenant, { id: "wamid.hi", text: "menu" }));
  await eventually(() => readOutbox(tenant), (rows) => rows[0]?.["state"] === "sent");
  const [ours] = await queryDatabase<{ id: string; wamid: string }>(
    "select id::text, wamid from public.outbound_messages where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  const status = (id: string, name: string, more = {}) => ({
    id,
    status: name,
    timestamp: String(Math.floor(Date.now() / 1000)),
    recipient_id: "16505551234",
    ...more,
  });
  const report = (...statuses: unknown[]) =>
    deliver(writeDelivery(tenant.phoneNumberId, { statuses }));
  await report(status(ours!.wamid, "delivered"));
  await report(status("wamid.not-known-yet", "sent", { biz_opaque_callback_data: ours!.id }));
  const foreign = writeDelivery(tenant.phoneNumberId, {
    statuses: [status("wamid.theirs", "delivered", { biz_opaque_callback_data: "4711" })],
  });
  await deliver(foreign);
  await deliver(foreign);
  await report(status("wamid.theirs", "read"), status(ours!.wamid, "read"));
  const rows = await forwarded(2, tenant);
  assert.deepEqual(rows.map(({ is_whole }) => is_whole), [true, false]);
  const bodies = (await legacy.readTaken()).map(({ body }) => body);
  assert.deepEqual(bodies.filter((body) => body === foreign).length, 1);
  assert.deepEqual(bodies.filter((body) => body !== foreign).map(listIds), [["wamid.theirs"]]);
  assert.deepEqual((await readOutbox(tenant)).map(({ state }) => state), ["read"]);
});

Deno.test("an outage loses nothing: tried again, given up, run again, under one id", async () => {
  await using legacy = await startLegacy();
  const tenant = await outside();
  await legacy.break({ mode: "status", status: 503 });
  const body = say(tenant, { id: "wamid.patient" });
  assert.equal((await deliver(body)).status, 200, "Meta isn't told");
  const read = () => readLegacyDeliveries(tenant.phoneNumberId);
  const [failed] = await eventually(read, ([row]) => row?.["last_error"] !== null);
  assert.deepEqual([failed?.["state"], failed?.["response_status"]], ["queued", 503]);
  assert.match(String(failed?.["last_error"]), /answered with status 503/);

  await queryDatabase(
    "update public.legacy_deliveries set attempts = 23 where id = $1::text::uuid",
    [
      failed?.["id"],
    ],
  );
  await passLegacyTime();
  await runWorker("forward_deliveries");
  await eventually(read, ([row]) => row?.["state"] === "dead_lettered");
  assert.deepEqual(await readDispositions(tenant), ["wamid.patient dead_lettered"]);
  const apiKey = readStack().secret_key;
  const listed = await callFunction<{ deadLetters: Row[] }>(
    `ops/dead-letters?source=legacy&org_id=${tenant.orgId}`,
    { apiKey, method: "GET" },
  );
  assert.deepEqual(listed.body.deadLetters.map(({ source_id }) => source_id), [failed?.["id"]]);

  await legacy.mend();
  const letterId = String(listed.body.deadLetters[0]?.["id"]);
  const replayed = await callFunction(`ops/events/${letterId}/replay`, { apiKey, method: "POST" });
  assert.equal(replayed.status, 200, replayed.text);
  await runWorker("forward_deliveries");
  await forwarded(1, tenant);
  const taken = await legacy.readTaken();
  assert.deepEqual(taken.map((one) => [one.deliveryId, one.body]), [[failed?.["id"], body]]);
  assert.deepEqual(await readDispositions(tenant), ["wamid.patient forwarded"]);
});

Deno.test("a redirect is not followed, and who hangs is not waited for", async () => {
  await using legacy = await startLegacy();
  const tenant = await outside();
  await legacy.redirectTo(legacy.urlOf("elsewhere"));
  await deliver(say(tenant, { id: "wamid.redirected" }));
  const read = () => readLegacyDeliveries(tenant.phoneNumberId);
  const [row] = await eventually(read, ([row]) => row?.["last_error"] !== null);
  assert.match(String(row?.["last_error"]), /307: redirects are not followed/);
  assert.deepEqual(await legacy.readTaken(), []);
  await legacy.redirectTo(null);
  await legacy.break({ mode: "hang", times: 1 });
  await passLegacyTime();
  await runWorker("forward_deliveries");
  const [late] = await eventually(read, ([row]) => /in time/.test(String(row?.["last_error"])));
  assert.equal(late?.["state"], "queued");
  await passLegacyTime();
  await runWorker("forward_deliveries");
  await forwarded(1, tenant);
  assert.equal((await legacy.readTaken()).length, 1);
});

Deno.test("a delivery whose answer is lost goes again, under the id by which it is known", async () => {
  await using legacy = await startLegacy();
  const tenant = await outside();
  await legacy.break({ mode: "drop", moment: "after", times: 1 });
  await deliver(say(tenant, { id: "wamid.twice" }));
  const read = () => readLegacyDeliveries(tenant.phoneNumberId);
  await eventually(read, ([row]) => row?.["last_error"] !== null);
  await passLegacyTime();
  await runWorker("forward_deliveries");
  await forwarded(1, tenant);
  const taken = await legacy.readTaken();
  assert.deepEqual(taken.map(({ attempt }) => attempt), ["1", "2"]);
  assert.equal(new Set(taken.map(({ deliveryId }) => deliveryId)).size, 1);
});

Deno.test("a function that is killed while it forwards loses nothing", async () => {
  await using legacy = await startLegacy();
  const tenant = await outside();
  const { id } = await legacy.break({ mode: "hang", times: 1 });
  await deliver(say(tenant, { id: "wamid.interrupted" }));
  // What is only claimed isn't posted yet: killed then, it would leave the fault to who comes next.
  await eventually(() => legacy.countHits(id), (hits) => hits === 1);
  const [claimed] = await readLegacyDeliveries(tenant.phoneNumberId);
  assert.equal(claimed?.["state"], "claimed");
  await restartFunction("unified-webhook");
  await passLegacyTime();
  await runWorker("forward_deliveries");
  const [row] = await forwarded(1, tenant);
  assert.equal(row?.["attempts"], 2);
  assert.equal((await legacy.readTaken()).length, 1);
});

Deno.test("two workers at once, one of which dies between: each delivery arrives, none is lost", async () => {
  await using legacy = await startLegacy();
  const tenant = await outside();
  await legacy.break({ mode: "status", status: 400 });
  const total = 40;
  await Promise.all(
    Array.from(
      { length: total },
      (_, n) =>
        deliver(
          say(tenant, { id: `wamid.${String(n).padStart(2, "0")}`, from: `2507881${n + 1000}` }),
        ),
    ),
  );
  const read = () => readLegacyDeliveries(tenant.phoneNumberId);
  await eventually(
    read,
    (rows) =>
      rows.length === total &&
      rows.every(({ state, attempts }) => state === "queued" && Number(attempts) > 0),
  );
  await legacy.mend();
  await passLegacyTime();
  const ports = createForwardPorts();
  // Takes some, and never says what became of them.
  const { deliveries } = await ports.legacy.claimLegacyDeliveries({
    limit: 10,
    lease_seconds: 60,
    max_attempts: 24,
  });
  const lost = new Set(deliveries.map(({ id }) => id));
  assert.equal(lost.size, 10);
  const budget = { budgetMilliseconds: 20_000 };
  await Promise.all([
    forwardDeliveries(ports, budget),
    forwardDeliveries(createForwardPorts(), budget),
  ]);
  await forwarded(total - lost.size, tenant);
  await passLegacyTime();
  await forwardDeliveries(ports, budget);
  await forwarded(total, tenant);
  const taken = await legacy.readTaken();
  assert.equal(taken.length, total, "each once");
  assert.equal(new Set(taken.flatMap(({ body }) => listIds(body))).size, total);
  // Whoever died comes back.
  const late = await ports.legacy.recordLegacyDeliveries({
    max_attempts: 24,
    results: deliveries.map(({ id, fencing_token }) => ({ id, fencing_token, outcome: "failed" })),
    provider_calls: [],
  });
  assert.equal(late.lost.length, lost.size);
  assert.ok((await read()).every(({ state }) => state === "forwarded"));
});

Deno.test("where agents have webhooks of their own the words decide, and a conversation stays", async () => {
  await using legacy = await startLegacy({
    agents: { jobs: "wa-webhook-jobs", property: "wa-webhook-property" },
  });
  const tenant = await outside();
  const writes: [text: string, from: string, hook: string][] = [
    ["I am looking for a job", "250788777001", "wa-webhook-jobs"],
    ["I want to rent an apartment", "250788777002", "wa-webhook-property"],
    ["yes", "250788777001", "wa-webhook-jobs"],
    ["yes", "250788777003", "wa-webhook-ai-agents"],
  ];
  for (const [place, [text, from]] of writes.entries()) {
    await deliver(say(tenant, { text, from }));
    await forwarded(place + 1, tenant);
  }
  assert.deepEqual(
    (await legacy.readTaken()).map(({ hook }) => hook),
    writes.map(([, , hook]) => hook),
  );
});

Deno.test("who moves in is answered from the next message on, and who moves out had this one answered", async () => {
  await using legacy = await startLegacy();
  await using silent = await startExtraFunction("unified-webhook", {
    AGENT_SYSTEM_ENABLED: "false",
  });
  const tenant = await outside();
  // Stored, and waiting: nobody answers yet.
  const store = async (body: string) => {
    const answer = await fetch(`${silent.url}/whatsapp`, {
      method: "POST",
      body,
      headers: { "x-hub-signature-256": signDelivery(body) },
    });
    await answer.body?.cancel();
    assert.equal(answer.status, 200);
  };
  await store(say(tenant, { id: "wamid.1-outside" }));
  await setRollout(tenant.orgId, 100);
  await store(say(tenant, { id: "wamid.2-inside", text: "menu" }));
  await forwarded(1, tenant);
  await setRollout(tenant.orgId, 0);
  await queryDatabase(
    "update public.contact_queues set turn_due_at = now() where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await runWorker("finish_turns");
  await eventually(() => readOutbox(tenant), (rows) => rows[0]?.["state"] === "sent");
  assert.deepEqual(await readDispositions(tenant), [
    "wamid.1-outside forwarded",
    "wamid.2-inside answered",
  ]);

  // The kill switch is for what waits as well.
  await setRollout(tenant.orgId, 100);
  await store(say(tenant, { id: "wamid.3-switched-off", text: "menu" }));
  await queryDatabase(
    `update public.app_config
     set value = jsonb_set(value, array['overrides', $1, 'unifiedServiceEnabled'], 'false')
     where key = 'unified_service_flags'`,
    [tenant.orgId],
  );
  await queryDatabase(
    "update public.contact_queues set turn_due_at = now() where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  await runWorker("finish_turns");
  await eventually(
    () => readLegacyDeliveries(tenant.phoneNumberId),
    (rows) => rows.length === 2,
  );
  await runWorker("forward_deliveries");
  await forwarded(2, tenant);
  const taken = (await legacy.readTaken()).map(({ body }) => body);
  assert.deepEqual(taken.map(listIds), [["wamid.1-outside"], ["wamid.3-switched-off"]]);
  assert.equal(
    (readParts(taken[1]!)[0]?.["metadata"] as Row)["phone_number_id"],
    tenant.phoneNumberId,
  );
  assert.deepEqual(await legacy.readRefused(), []);
  assert.equal((await readOutbox(tenant)).length, 1);
});

Deno.test("without an address, or where it is ignored, it is stored and that is all", async () => {
  const tenant = await outside();
  await deliver(say(tenant, { id: "wamid.1", text: "STOP" }));
  {
    await using _legacy = await startLegacy();
    const ignore = (value: string | null) =>
      queryDatabase(
        `update public.app_config set value = value - 'outsideRollout'
           || case when $1 = '' then '{}' else jsonb_build_object('outsideRollout', $1) end
         where key = 'unified_service_flags'`,
        [value ?? ""],
      );
    await ignore("ignore");
    try {
      await deliver(say(tenant, { id: "wamid.2" }));
    } finally {
      await ignore(null);
    }
    // Only agents have an address, and none is meant: there is none when it is looked for.
    await setWebhooks({ default: null, agents: { jobs: _legacy.urlOf("wa-webhook-jobs") } });
    await deliver(say(tenant, { id: "wamid.3", text: "yes" }));
    await eventually(
      () => readLegacyDeliveries(tenant.phoneNumberId),
      ([row]) => row?.["state"] === "ignored",
    );
    assert.deepEqual(await _legacy.readTaken(), []);
  }
  assert.deepEqual(await readDispositions(tenant), [
    "wamid.1 ignored",
    "wamid.2 ignored",
    "wamid.3 ignored",
  ]);
  const opted = await queryDatabase(
    "select state from public.contact_opt_outs where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  assert.deepEqual(opted, [{ state: "opted_out" }], "STOP counts all the same");
});

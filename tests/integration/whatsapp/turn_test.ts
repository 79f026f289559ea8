import assert from "node:assert/strict";
import { callFunction } from "../../support/call_function.ts";
import { controlSimulator } from "../../support/control_simulator.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { readStack } from "../../support/read_stack.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  setRollout,
  type TestMessage,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

type Row = Record<string, unknown>;
type Tenant = Awaited<ReturnType<typeof createWhatsappTenant>>;
type Sent = {
  id: string;
  body: Record<string, unknown> & { biz_opaque_callback_data: string; to?: string };
};

const write = (tenant: Tenant, ...messages: TestMessage[]) =>
  deliver(
    writeDelivery(tenant.phoneNumberId, {
      messages: messages.map((message) => writeMessage(message)),
    }),
  );

const readOutbox = (tenant: Tenant) =>
  queryDatabase<Row>(
    `select id, state, type, kind, content, wamid, attempts, error_code, error from public.outbound_messages
     where org_id = $1::text::uuid order by sequence`,
    [tenant.orgId],
  );

async function readSent({ accounts }: Tenant): Promise<{ messages: Sent[]; read: Row[] }> {
  return await controlSimulator("graph", "GET", {
    path: `state?account=${accounts.whatsapp.businessAccountId}`,
  });
}

/** A fault of the Graph simulator for this tenant alone. */
const breakGraph = ({ accounts }: Tenant, fault: Row) =>
  controlSimulator("graph", "POST", {
    path: "faults",
    body: {
      method: "POST",
      path: `/v26.0/${accounts.whatsapp.phoneNumberId}/messages`,
      account: accounts.whatsapp.businessAccountId,
      ...fault,
    },
  });
const mendGraph = ({ accounts }: Tenant) =>
  controlSimulator("graph", "DELETE", {
    path: `faults?account=${accounts.whatsapp.businessAccountId}`,
  });

/** Marking read goes to the same address and must not use up a fault: it is made to fail already. */
const refuse = (code: number) => ({
  mode: "status",
  status: 400,
  body: { error: { message: "No", code } },
});

const runWorker = (kind: string) =>
  callFunction("worker/run", { apiKey: readStack().secret_key, body: { kind } });

async function settled(tenant: Tenant, isThere: (rows: Row[]) => boolean) {
  return await eventually(() => readOutbox(tenant), isThere);
}

Deno.test("a message is answered with the menu, read and typed", async () => {
  const tenant = await createWhatsappTenant();
  await write(tenant, { id: "wamid.first", text: "hello" });
  const [reply] = await settled(tenant, (rows) => rows.some(({ state }) => state === "sent"));
  // The answer waits for the courtesy no longer than that takes on a machine that isn't busy.
  const { messages, read } = await eventually(
    () => readSent(tenant),
    (sent) => sent.read.length > 0,
  );
  assert.equal(messages.length, 1);
  assert.equal(messages[0]!.body["type"], "interactive");
  assert.equal(messages[0]!.body.to, "16505551234");
  assert.equal(messages[0]!.body.biz_opaque_callback_data, reply?.["id"]);
  assert.equal(messages[0]!.id, reply?.["wamid"]);
  assert.deepEqual(read.map(({ message_id, typing }) => [message_id, typing]), [[
    "wamid.first",
    true,
  ]]);

  const statuses = ["read", "delivered", "sent"].map((status) => ({
    id: reply?.["wamid"],
    status,
  }));
  await deliver(writeDelivery(tenant.phoneNumberId, { statuses }));
  assert.equal((await readOutbox(tenant))[0]?.["state"], "read");
});

const COUNTS = () => `${readStack().url}/__gateway/requests`;

async function clearCounts(): Promise<void> {
  await (await fetch(COUNTS(), { method: "DELETE" })).body?.cancel();
}

/** Calls of SQL functions at the gateway since the counts were cleared. */
async function countCalls(): Promise<Record<string, number>> {
  const { counts } = await (await fetch(COUNTS())).json() as { counts: Record<string, number> };
  return Object.fromEntries(Object.entries(counts).filter(([route]) => route.includes("/rpc/")));
}

/** Other tests' messages are still being answered: counting begins when nobody calls any more. */
async function waitForQuiet(): Promise<void> {
  await eventually(
    async () => {
      await clearCounts();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return Object.keys(await countCalls());
    },
    (routes) => routes.length === 0,
    { milliseconds: 60_000 },
  );
}

Deno.test("a turn is three calls of the database, an acknowledgement one", async () => {
  const tenant = await createWhatsappTenant();
  await write(tenant, { text: "warm up", from: "250788000009" });
  await settled(tenant, (rows) => rows.some(({ state }) => state === "sent"));
  await waitForQuiet();
  await write(tenant, { text: "one" }, { text: "two" }, { text: "three" });
  await settled(tenant, (rows) => rows.filter(({ state }) => state === "sent").length === 2);
  equalCalls(await countCalls(), ["claim_turn", "complete_turn", "ingest_whatsapp", "record_sent"]);
});

Deno.test("a question is one call more where there are documents, and none where there are not", async () => {
  const tenant = await createWhatsappTenant();
  const ask = (from: string) => write(tenant, { text: "When do you open?", from });
  await ask("250788000010");
  await settled(tenant, (rows) => rows.some(({ state }) => state === "sent"));
  await waitForQuiet();
  await ask("250788000011");
  await settled(tenant, (rows) => rows.filter(({ state }) => state === "sent").length === 2);
  equalCalls(await countCalls(), ["claim_turn", "complete_turn", "ingest_whatsapp", "record_sent"]);

  const created = await callFunction("kb-sync/documents", {
    token: tenant.owner.token,
    headers: { "x-org-id": tenant.orgId },
    body: { title: "Hours", text: "We open at nine." },
  });
  assert.equal(created.status, 201, created.text);
  await waitForQuiet();
  await ask("250788000012");
  await settled(tenant, (rows) => rows.filter(({ state }) => state === "sent").length === 3);
  equalCalls(await countCalls(), [
    "claim_turn",
    "complete_turn",
    "ingest_whatsapp",
    "record_sent",
    "search_knowledge",
  ]);
});

function equalCalls(counts: Record<string, number>, names: string[]): void {
  const expected = names.map((name) => [`POST /rest/v1/rpc/${name}`, 1]);
  assert.deepEqual(Object.entries(counts).sort(), expected);
}

Deno.test("a burst is one turn, answered once", async () => {
  const tenant = await createWhatsappTenant();
  await write(tenant, ...Array.from({ length: 8 }, (_, index) => ({ text: `message ${index}` })));
  await settled(tenant, (rows) => rows.some(({ state }) => state === "sent"));
  const events = await queryDatabase<Row>(
    "select message_count, outcome from public.unified_agent_events where org_id = $1::text::uuid",
    [tenant.orgId],
  );
  assert.deepEqual(events, [{ message_count: 8, outcome: "succeeded" }]);
  assert.equal((await readSent(tenant)).messages.length, 1);
});

Deno.test("people known by BSUID alone are answered by it", async () => {
  const tenant = await createWhatsappTenant();
  await write(tenant, { from: null, userId: "RW.13491208655302741918" });
  await settled(tenant, (rows) => rows.some(({ state }) => state === "sent"));
  const { messages } = await readSent(tenant);
  assert.deepEqual([messages[0]!.body.to, messages[0]!.body["recipient"]], [
    undefined,
    "RW.13491208655302741918",
  ]);
});

Deno.test("outside the rollout nothing is answered, and the next message is once it is inside", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const read = () =>
    queryDatabase<Row>(
      "select disposition from public.inbound_messages where org_id = $1::text::uuid order by sequence",
      [tenant.orgId],
    );
  await write(tenant, { text: "hello" });
  await eventually(read, (rows) => rows[0]?.["disposition"] === "ignored");
  assert.deepEqual(await readOutbox(tenant), []);
  assert.deepEqual((await readSent(tenant)).read, [], "it isn't even marked read");
  await setRollout(tenant.orgId, 100);
  await write(tenant, { text: "again" });
  await settled(tenant, (rows) => rows.some(({ state }) => state === "sent"));
  assert.deepEqual((await read()).map(({ disposition }) => disposition), [
    "ignored",
    "answered",
  ]);
});

Deno.test("STOP opts out of what we start, not of answers", async () => {
  const tenant = await createWhatsappTenant();
  await write(tenant, { text: "Arrêt !" });
  await settled(tenant, (rows) => rows.some(({ state }) => state === "sent"));
  const start = () =>
    queryDatabase<Row>(
      `select private.queue_outbound_message($1::text::uuid, contact_id, 'initiated', 'text', '{"text": "News"}') as id
       from public.contact_queues where org_id = $1::text::uuid`,
      [tenant.orgId],
    );
  await start();
  await runWorker("send_outbox");
  await settled(
    tenant,
    (rows) => rows.some(({ kind, state }) => kind === "initiated" && state === "cancelled"),
  );
  await write(tenant, { text: "still there?" });
  await settled(tenant, (rows) => rows.filter(({ state }) => state === "sent").length === 2);
  await write(tenant, { text: "START" });
  await settled(tenant, (rows) => rows.filter(({ state }) => state === "sent").length === 3);
  await start();
  await runWorker("send_outbox");
  await settled(tenant, (rows) => rows.filter(({ state }) => state === "sent").length === 4);
});

Deno.test("an organization's quiet hours hold what we start", async () => {
  const tenant = await createWhatsappTenant();
  await queryDatabase(
    `update public.organization_settings set time_zone = 'UTC', quiet_hours = jsonb_build_object('daily', jsonb_build_array(
       to_char(now() - interval '1 hour', 'HH24:MI') || '-' || to_char(now() + interval '2 hours', 'HH24:MI')
     )) where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  await write(tenant, { text: "hello" });
  await settled(tenant, (rows) => rows.some(({ state }) => state === "sent"));
  await queryDatabase(
    `select private.queue_outbound_message($1::text::uuid, contact_id, 'initiated', 'text', '{"text": "News"}')
     from public.contact_queues where org_id = $1::text::uuid`,
    [tenant.orgId],
  );
  await runWorker("send_outbox");
  const held = () =>
    queryDatabase<Row>(
      `select state, attempts, not_before > now() + interval '1 hour' as waits from public.outbound_messages
       where org_id = $1::text::uuid and kind = 'initiated'`,
      [tenant.orgId],
    );
  await eventually(held, (rows) => rows[0]?.["waits"] === true);
  assert.deepEqual(await held(), [{ state: "queued", attempts: 0, waits: true }]);
});

Deno.test("each refusal has its consequence", async (test) => {
  await test.step("a dead token marks the integration and is told; the message waits", async () => {
    const tenant = await createWhatsappTenant();
    await breakGraph(tenant, {
      mode: "status",
      status: 401,
      body: { error: { message: "Expired", code: 190 } },
    });
    await write(tenant, { text: "hello" });
    const read = () =>
      queryDatabase<Row>(
        `select integration.last_error, alert.severity from public.integrations as integration
         left join public.alerts as alert on alert.org_id = integration.org_id and alert.rule = 'credential_failed'
         where integration.org_id = $1::text::uuid and integration.provider = 'whatsapp'`,
        [tenant.orgId],
      );
    const [row] = await eventually(read, (rows) => rows[0]?.["severity"] === "critical");
    assert.match(String(row?.["last_error"]), /Expired/);
    assert.deepEqual((await readOutbox(tenant)).map(({ state, attempts }) => [state, attempts]), [[
      "queued",
      0,
    ]]);
    await mendGraph(tenant);
    await queryDatabase("delete from public.outbound_pauses where org_id = $1::text::uuid", [
      tenant.orgId,
    ]);
    await queryDatabase(
      "update public.outbound_messages set not_before = now() where org_id = $1::text::uuid",
      [tenant.orgId],
    );
    await queryDatabase(
      "update public.contact_queues set send_due_at = now() where org_id = $1::text::uuid",
      [tenant.orgId],
    );
    await runWorker("send_outbox");
    await settled(tenant, (rows) => rows[0]?.["state"] === "sent");
  });
  await test.step("a number that can't be reached is never tried again", async () => {
    const tenant = await createWhatsappTenant();
    await breakGraph(tenant, refuse(131026));
    await write(tenant, { text: "hello" });
    const [row] = await settled(tenant, (rows) => rows[0]?.["state"] === "failed");
    assert.deepEqual([row?.["error_code"], row?.["attempts"]], [131026, 1]);
  });
  await test.step("too much for one person waits about six seconds, and keeps the order", async () => {
    const tenant = await createWhatsappTenant();
    await breakGraph(tenant, refuse(131056));
    await write(tenant, { text: "one" });
    const rows = await settled(
      tenant,
      (found) => found[0]?.["state"] === "queued" && found[0]["attempts"] === 1,
    );
    assert.equal(rows[0]?.["error_code"], 131056);
    // A busy machine would need those seconds for what follows.
    await queryDatabase(
      `update public.outbound_messages set not_before = not_before + interval '1 hour'
       where org_id = $1::text::uuid`,
      [tenant.orgId],
    );
    await queryDatabase(
      `update public.contact_queues set send_due_at = send_due_at + interval '1 hour'
       where org_id = $1::text::uuid`,
      [tenant.orgId],
    );
    await mendGraph(tenant);
    await write(tenant, { text: "two" });
    await settled(tenant, (found) => found.length === 2);
    assert.deepEqual(
      (await readOutbox(tenant)).map(({ state }) => state),
      ["queued", "queued"],
      "nothing overtakes",
    );
    await queryDatabase(
      "update public.outbound_messages set not_before = now() where org_id = $1::text::uuid",
      [tenant.orgId],
    );
    await queryDatabase(
      "update public.contact_queues set send_due_at = now() where org_id = $1::text::uuid",
      [tenant.orgId],
    );
    await runWorker("send_outbox");
    const sent = await settled(tenant, (found) => found.every(({ state }) => state === "sent"));
    assert.deepEqual(
      (await readSent(tenant)).messages.map(({ id }) => id),
      sent.map(({ wamid }) => wamid),
    );
  });
  await test.step("a window that is closed takes a template, where one is configured", async () => {
    const tenant = await createWhatsappTenant();
    await queryDatabase(
      `update public.organization_settings set template_names = '{"window_closed": {"name": "come_back", "language": "en"}}'
       where org_id = $1::text::uuid`,
      [tenant.orgId],
    );
    await controlSimulator("graph", "PUT", {
      path: "settings",
      body: { account: tenant.accounts.whatsapp.businessAccountId, closedWindows: ["16505551234"] },
    });
    await write(tenant, { text: "hello" });
    const [row] = await settled(tenant, (rows) => rows[0]?.["state"] === "sent");
    assert.deepEqual([row?.["type"], row?.["content"]], ["template", {
      name: "come_back",
      language: "en",
    }]);
  });
  await test.step("and fails where none is", async () => {
    const tenant = await createWhatsappTenant();
    await breakGraph(tenant, refuse(131047));
    await write(tenant, { text: "hello" });
    const [row] = await settled(tenant, (rows) => rows[0]?.["state"] === "failed");
    assert.equal(row?.["error_code"], 131047);
  });
});

Deno.test("each refusal that comes in a status afterwards has its consequence", async (test) => {
  /** A reply that was sent, and then refused. */
  async function refuseLater(tenant: Tenant, code: number): Promise<Row> {
    await write(tenant, { text: "hello" });
    const [row] = await settled(tenant, (rows) => rows[0]?.["state"] === "sent");
    const failed = {
      id: row?.["wamid"],
      status: "failed",
      timestamp: String(Math.floor(Date.now() / 1000)),
      biz_opaque_callback_data: row?.["id"],
      errors: [{ code, title: "No" }],
    };
    await deliver(writeDelivery(tenant.phoneNumberId, { statuses: [failed] }));
    await runWorker("send_outbox");
    // As often as WhatsApp pleases.
    await deliver(writeDelivery(tenant.phoneNumberId, { statuses: [failed] }));
    return row!;
  }

  await test.step("a window that was closed takes a template", async () => {
    const tenant = await createWhatsappTenant();
    await queryDatabase(
      `update public.organization_settings set template_names = '{"window_closed": "come_back"}'
       where org_id = $1::text::uuid`,
      [tenant.orgId],
    );
    const before = await refuseLater(tenant, 131047);
    const [row] = await settled(
      tenant,
      (rows) => rows[0]?.["state"] === "sent" && rows[0]["wamid"] !== before["wamid"],
    );
    assert.deepEqual([row?.["type"], row?.["attempts"]], ["template", 2]);
    assert.deepEqual(
      (await readSent(tenant)).messages.map(({ body }) => body["type"]),
      ["interactive", "template"],
    );
  });
  await test.step("a person who can't be reached is never tried again", async () => {
    const tenant = await createWhatsappTenant();
    await refuseLater(tenant, 131026);
    await eventually(
      () =>
        queryDatabase<Row>(
          "select 1 from public.outbound_messages where org_id = $1::text::uuid and refused_at is null",
          [tenant.orgId],
        ),
      (rows) => rows.length === 1,
    );
    assert.deepEqual((await readOutbox(tenant)).map(({ state }) => state), ["failed"]);
    assert.equal((await readSent(tenant)).messages.length, 1);
  });
  await test.step("a dead token marks the integration and is told; the message waits", async () => {
    const tenant = await createWhatsappTenant();
    await refuseLater(tenant, 190);
    const [row] = await eventually(
      () =>
        queryDatabase<Row>(
          `select integration.last_error, alert.severity from public.integrations as integration
           left join public.alerts as alert on alert.org_id = integration.org_id and alert.rule = 'credential_failed'
           where integration.org_id = $1::text::uuid and integration.provider = 'whatsapp'`,
          [tenant.orgId],
        ),
      (rows) => rows[0]?.["severity"] === "critical",
    );
    assert.equal(row?.["last_error"], "No");
    assert.deepEqual((await readOutbox(tenant)).map(({ state }) => state), ["queued"]);
  });
  await test.step("too much at once is sent again, later", async () => {
    const tenant = await createWhatsappTenant();
    await refuseLater(tenant, 130429);
    await settled(tenant, (rows) => rows[0]?.["state"] === "queued");
    await queryDatabase("delete from public.outbound_pauses where org_id = $1::text::uuid", [
      tenant.orgId,
    ]);
    await queryDatabase(
      "update public.outbound_messages set not_before = now() where org_id = $1::text::uuid",
      [tenant.orgId],
    );
    await queryDatabase(
      "update public.contact_queues set send_due_at = now() where org_id = $1::text::uuid",
      [tenant.orgId],
    );
    await runWorker("send_outbox");
    await settled(tenant, (rows) => rows[0]?.["state"] === "sent" && rows[0]["attempts"] === 2);
    assert.equal((await readSent(tenant)).messages.length, 2);
  });
});

Deno.test("a send whose answer was lost is unknown, never sent again, and settled by its status", async () => {
  const tenant = await createWhatsappTenant();
  await breakGraph(tenant, { mode: "drop", moment: "after" });
  await write(tenant, { text: "hello" });
  const [row] = await settled(tenant, (rows) => rows[0]?.["state"] === "unknown");
  await mendGraph(tenant);
  await runWorker("send_outbox");
  await runWorker("finish_turns");
  const { messages } = await readSent(tenant);
  assert.equal(messages.length, 1, "WhatsApp has it once");
  await deliver(writeDelivery(tenant.phoneNumberId, {
    statuses: [{
      id: messages[0]!.id,
      status: "delivered",
      timestamp: String(Math.floor(Date.now() / 1000)),
      biz_opaque_callback_data: row?.["id"],
    }],
  }));
  const [after] = await readOutbox(tenant);
  assert.deepEqual([after?.["state"], after?.["wamid"]], ["delivered", messages[0]!.id]);
  assert.equal((await readSent(tenant)).messages.length, 1);
});

Deno.test("one organization's status, turn or send touches nothing of another's", async () => {
  const [one, other] = [await createWhatsappTenant(), await createWhatsappTenant()];
  await write(one, { text: "hello" });
  const [row] = await settled(one, (rows) => rows[0]?.["state"] === "sent");
  await deliver(writeDelivery(other.phoneNumberId, {
    statuses: [
      { id: row?.["wamid"], status: "failed" },
      { id: "wamid.other", status: "failed", biz_opaque_callback_data: row?.["id"] },
    ],
  }));
  assert.equal((await readOutbox(one))[0]?.["state"], "sent");
  const contacts = await queryDatabase<Row>(
    "select 1 from public.contacts where org_id = $1::text::uuid",
    [other.orgId],
  );
  assert.deepEqual(contacts, []);
});

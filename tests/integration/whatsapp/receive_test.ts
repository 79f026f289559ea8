import assert from "node:assert/strict";
import { LOCAL_SECRETS } from "../../../scripts/local/function_environment.ts";
import { callFunction } from "../../support/call_function.ts";
import { queryDatabase } from "../../support/query_database.ts";
import {
  createWamid,
  createWhatsappTenant,
  deliver,
  eventually,
  signDelivery,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";

type Row = Record<string, unknown>;
const readMessages = (orgId: string) =>
  queryDatabase<Row>(
    `select wamid, type, content, payload, raw_text, disposition from public.inbound_messages
     where org_id = $1::text::uuid order by contact_id, sequence`,
    [orgId],
  );

Deno.test("Meta's handshake", async (test) => {
  const ask = (query: Record<string, string>, path = "unified-webhook/whatsapp") =>
    callFunction(`${path}?${new URLSearchParams(query)}`);
  const good = {
    "hub.mode": "subscribe",
    "hub.challenge": "1158201444",
    "hub.verify_token": LOCAL_SECRETS.WA_VERIFY_TOKEN,
  };
  for (const path of ["unified-webhook/whatsapp", "unified-webhook/", "wa-webhook-unified/"]) {
    await test.step(`the bare challenge at ${path}`, async () => {
      const { status, text } = await ask(good, path);
      assert.deepEqual([status, text], [200, "1158201444"]);
    });
  }
  for (
    const [name, query] of [
      ["a wrong token", { ...good, "hub.verify_token": "x" }],
      ["no token", { "hub.mode": "subscribe", "hub.challenge": "1" }],
      ["another mode", { ...good, "hub.mode": "unsubscribe" }],
      ["nothing", {}],
    ] as [string, Record<string, string>][]
  ) {
    await test.step(name, async () => assert.equal((await ask(query)).status, 403));
  }
});

Deno.test("a delivery is verified over its raw bytes", async (test) => {
  const { phoneNumberId, orgId } = await createWhatsappTenant({ isInRollout: false });
  const body = writeDelivery(phoneNumberId, { messages: [writeMessage({ text: "TEXT" })] })
    .replace("TEXT", "\\u00e9t\\u00e9 \\ud83d\\ude42");
  const post = (signature: string | null, bytes: string | Uint8Array = body) =>
    callFunction("unified-webhook/whatsapp", {
      body: bytes,
      headers: signature === null ? {} : { "x-hub-signature-256": signature },
    });

  const signature = signDelivery(body);
  for (
    const [name, shown] of [
      ["none", null],
      ["another secret's", signDelivery(body, "not-our-secret")],
      ["another algorithm's", signature.replace("sha256", "sha1")],
      ["an empty one", ""],
      ["upper case", signature.toUpperCase()],
    ] as [string, string | null][]
  ) {
    await test.step(`${name} is refused`, async () => {
      const { status, body: problem } = await post(shown);
      assert.deepEqual([status, problem["code"]], [401, "unauthenticated"]);
    });
  }
  await test.step("one bit anywhere in the body is refused", async () => {
    const bytes = new TextEncoder().encode(body);
    const statuses = new Set<number>();
    for (let bit = 3; bit < bytes.length * 8; bit += 211) {
      const changed = bytes.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      statuses.add((await post(signature, changed)).status);
    }
    assert.deepEqual([...statuses], [401]);
  });
  await test.step("nothing of it was stored", async () => {
    assert.deepEqual(await readMessages(orgId), []);
  });
  await test.step("with the escapes as Meta signs them it is taken", async () => {
    assert.equal((await post(signature)).status, 200);
    const [message] = await readMessages(orgId);
    assert.deepEqual(message?.["content"], { text: "été 🙂" });
  });
  await test.step("at the root, too, told apart by its header", async () => {
    const other = writeDelivery(phoneNumberId, { messages: [writeMessage()] });
    assert.equal((await deliver(other, { path: "unified-webhook/" })).status, 200);
    assert.equal((await readMessages(orgId)).length, 2);
    assert.equal((await callFunction("unified-webhook/", { body: other })).status, 401);
  });
});

Deno.test("everything in a delivery is taken, in types that are known and in types that aren't", async () => {
  const { phoneNumberId, orgId } = await createWhatsappTenant({ isInRollout: false });
  const parts: Record<string, unknown>[] = [
    { type: "text" },
    { type: "image", image: { id: "1", mime_type: "image/jpeg" } },
    { type: "location", location: { latitude: -1.9, longitude: 30 } },
    {
      type: "interactive",
      interactive: { type: "list_reply", list_reply: { id: "a", title: "A" } },
    },
    { type: "interactive" },
    { type: "reaction", reaction: { message_id: "wamid.x", emoji: "👍" } },
    { type: "hologram", hologram: { depth: 3 } },
    { type: "revoke", revoke: { original_message_id: "wamid.x" } },
  ];
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [
      JSON.parse(
        writeDelivery(phoneNumberId, {
          messages: parts.slice(0, 4).map((part) => writeMessage(part)),
        }),
      )
        .entry[0],
      JSON.parse(
        writeDelivery(phoneNumberId, {
          messages: parts.slice(4).map((part) => writeMessage(part)),
        }),
      )
        .entry[0],
    ],
  });
  assert.equal((await deliver(body)).status, 200);
  const messages = await readMessages(orgId);
  assert.deepEqual(messages.map(({ type }) => type), [
    "text",
    "image",
    "location",
    "interactive",
    "unsupported",
    "reaction",
    "unsupported",
    "revoke",
  ]);
  assert.deepEqual((messages[6]?.["payload"] as Row)["hologram"], { depth: 3 });
});

Deno.test("what jsonb can't hold is stored all the same", async () => {
  const { phoneNumberId, orgId } = await createWhatsappTenant({ isInRollout: false });
  const body = writeDelivery(phoneNumberId, { messages: [writeMessage({ text: "aNULb" })] })
    .replace("NUL", "\\u0000\\ud800");
  assert.equal((await deliver(body)).status, 200);
  const [message] = await readMessages(orgId);
  assert.deepEqual(message?.["content"], { text: "a\ufffdb" });
  assert.match(String(message?.["raw_text"]), /a\\u0000\\ud800b/);
});

Deno.test("a signed body that can't be read is kept, told and acknowledged", async () => {
  const body = new Uint8Array([0xff, 0x00, ...new TextEncoder().encode(crypto.randomUUID())]);
  assert.equal((await deliver(body)).status, 200);
  const rows = await queryDatabase(
    `select 1 from public.unparsed_deliveries where body = decode($1, 'hex')`,
    [[...body].map((byte) => byte.toString(16).padStart(2, "0")).join("")],
  );
  assert.equal(rows.length, 1);
  const alerts = await queryDatabase(
    "select 1 from public.alerts where rule = 'unparsed_delivery' and dedupe_key = 'whatsapp' and state <> 'resolved'",
  );
  assert.equal(alerts.length, 1);
});

Deno.test("a number that nobody connected is kept, told and acknowledged", async () => {
  const phoneNumberId = `9${Date.now()}`;
  const body = writeDelivery(phoneNumberId, { messages: [writeMessage()] });
  assert.equal((await deliver(body)).status, 200);
  const rows = await queryDatabase<Row>(
    "select reason from public.unroutable_deliveries where phone_number_id = $1",
    [phoneNumberId],
  );
  assert.deepEqual(rows, [{ reason: "unknown_phone_number" }]);
});

Deno.test("what became of a message is kept where nobody has its number any more", async () => {
  const phoneNumberId = `8${Date.now()}`;
  const body = writeDelivery(phoneNumberId, { statuses: [{ id: "wamid.gone", status: "read" }] });
  assert.equal((await deliver(body)).status, 200);
  const rows = await queryDatabase<Row>(
    `select delivery.reason, alert.severity from public.unroutable_deliveries as delivery
     join public.alerts as alert on alert.rule = 'unroutable_delivery'
       and alert.dedupe_key = 'unknown_phone_number:' || delivery.phone_number_id
     where delivery.phone_number_id = $1`,
    [phoneNumberId],
  );
  assert.deepEqual(rows, [{ reason: "unknown_phone_number", severity: "warning" }]);
});

Deno.test("3 MB with 1,000 messages are taken in one delivery, and again", async () => {
  const { orgId, phoneNumberId } = await createWhatsappTenant({ isInRollout: false });
  const messages = Array.from(
    { length: 1_000 },
    (_, index) =>
      writeMessage({
        from: String(250_788_400_000 + index % 50),
        text: `${index} ${"é".repeat(1_420)}`,
      }),
  );
  const body = writeDelivery(phoneNumberId, { messages });
  const size = new TextEncoder().encode(body).byteLength;
  assert.ok(size > 2_900_000 && size < 3_100_000, String(size));
  for (let delivery = 0; delivery < 2; delivery += 1) {
    // A busy machine may need more than the time a delivery has: then it comes again, as Meta's does.
    const { status } = await eventually(() => deliver(body), ({ status }) => status !== 503);
    assert.equal(status, 200);
  }
  assert.equal((await readMessages(orgId)).length, 1_000);
});

Deno.test("what is too large is refused, what is empty is acknowledged", async () => {
  assert.equal((await deliver(`"${"x".repeat(5 * 1024 * 1024)}"`)).status, 413);
  assert.equal((await deliver('{"object":"whatsapp_business_account","entry":[]}')).status, 200);
});

Deno.test("an organization's own app secret opens that organization alone", async (test) => {
  const secret = "0123456789abcdef0123456789abcdef";
  const own = await createWhatsappTenant({ appSecret: secret, isInRollout: false });
  const other = await createWhatsappTenant({ isInRollout: false });
  await test.step("its own messages", async () => {
    const body = writeDelivery(own.phoneNumberId, { messages: [writeMessage()] });
    assert.equal((await deliver(body, { secret })).status, 200);
    assert.equal((await readMessages(own.orgId)).length, 1);
  });
  await test.step("not another's, alone", async () => {
    const body = writeDelivery(other.phoneNumberId, { messages: [writeMessage()] });
    assert.equal((await deliver(body, { secret })).status, 401);
  });
  await test.step("nor another's beside its own", async () => {
    const wamid = createWamid();
    const body = JSON.stringify({
      object: "whatsapp_business_account",
      entry: [own, other].map(({ phoneNumberId }) =>
        JSON.parse(writeDelivery(phoneNumberId, { messages: [writeMessage({ id: wamid })] }))
          .entry[0]
      ),
    });
    assert.equal((await deliver(body, { secret })).status, 200);
    assert.equal((await readMessages(own.orgId)).length, 2);
    assert.deepEqual(await readMessages(other.orgId), []);
    const rows = await queryDatabase<Row>(
      `select reason from public.unroutable_deliveries
       where phone_number_id = $1 and signed_by_org_id = $2::text::uuid`,
      [other.phoneNumberId, own.orgId],
    );
    assert.deepEqual(rows, [{ reason: "signed_by_another_organization" }]);
  });
  await test.step("its notices, which name the account and no number", async () => {
    const notice = (account: string) =>
      JSON.stringify({
        object: "whatsapp_business_account",
        entry: [{
          id: account,
          changes: [{
            field: "message_template_status_update",
            value: { event: "APPROVED", message_template_name: "come_back" },
          }],
        }],
      });
    const [mine, theirs] = [own, other].map(({ accounts }) =>
      notice(accounts.whatsapp.businessAccountId)
    );
    assert.equal((await deliver(mine!, { secret })).status, 200);
    assert.equal((await deliver(theirs!, { secret })).status, 401);
    const rows = await queryDatabase<Row>(
      "select field from public.whatsapp_notices where org_id = $1::text::uuid",
      [own.orgId],
    );
    assert.deepEqual(rows, [{ field: "message_template_status_update" }]);
  });
  await test.step("nor a status of another's message", async () => {
    const body = JSON.stringify({
      object: "whatsapp_business_account",
      entry: [own, other].map(({ phoneNumberId }) =>
        JSON.parse(writeDelivery(phoneNumberId, { statuses: [{ id: "wamid.x", status: "read" }] }))
          .entry[0]
      ),
    });
    assert.equal((await deliver(body, { secret })).status, 200);
  });
});

Deno.test("a person who changes number keeps contact, session and bucket", async () => {
  const { phoneNumberId, orgId } = await createWhatsappTenant({ isInRollout: false });
  const read = () =>
    queryDatabase<Row>(
      `select contact.id, contact.rollout_key, session.id as session_id
       from public.contacts as contact
       join public.unified_sessions as session on session.contact_id = contact.id and session.status = 'active'
       where contact.org_id = $1::text::uuid and contact.merged_into_id is null`,
      [orgId],
    );
  await deliver(
    writeDelivery(phoneNumberId, {
      messages: [writeMessage({ from: "250788000001", userId: "RW.1" })],
    }),
  );
  // As if there had been a turn.
  await queryDatabase(
    `insert into public.unified_sessions (org_id, contact_id)
     select org_id, id from public.contacts where org_id = $1::text::uuid`,
    [orgId],
  );
  const before = await read();
  await deliver(writeDelivery(phoneNumberId, {
    messages: [writeMessage({
      from: "250788000001",
      type: "system",
      system: {
        type: "user_changed_number",
        wa_id: "250788000002",
        user_id: "RW.2",
        previous_user_id: "RW.1",
        body: "User A changed from 250788000001 to 250788000002",
      },
    })],
  }));
  await deliver(
    writeDelivery(phoneNumberId, { messages: [writeMessage({ from: "250788000002" })] }),
  );
  await deliver(
    writeDelivery(phoneNumberId, { messages: [writeMessage({ from: null, userId: "RW.2" })] }),
  );
  assert.equal(before.length, 1);
  assert.deepEqual(await read(), before);
});

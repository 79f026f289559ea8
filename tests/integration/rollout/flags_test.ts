import assert from "node:assert/strict";
import { controlSimulator } from "../../support/control_simulator.ts";
import { queryDatabase } from "../../support/query_database.ts";
import { restartFunction } from "../../support/restart_function.ts";
import {
  createWhatsappTenant,
  deliver,
  eventually,
  setRollout,
  writeDelivery,
  writeMessage,
} from "../../support/whatsapp.ts";
import { askOps, keepConfig, setFlag } from "./support.ts";

type Tenant = Awaited<ReturnType<typeof createWhatsappTenant>>;
type Explained = {
  contacts: {
    rolloutKey: string;
    bucket: number;
    inside: boolean;
    reason: string;
    because: string;
  }[];
  wouldBe: { bucket: number } | null;
};

const say = (tenant: Tenant, message: Record<string, unknown>) =>
  deliver(writeDelivery(tenant.phoneNumberId, { messages: [writeMessage(message)] }));
const readDispositions = ({ orgId }: Tenant) =>
  queryDatabase<{ disposition: string; text: string }>(
    `select disposition, content ->> 'text' as text from public.inbound_messages
     where org_id = $1::text::uuid order by sequence`,
    [orgId],
  );
const countReplies = async ({ orgId }: Tenant) =>
  (await queryDatabase("select 1 from public.outbound_messages where org_id = $1::text::uuid", [
    orgId,
  ])).length;
/** Says something and waits until it was taken, one way or another. */
async function settle(tenant: Tenant, message: Record<string, unknown>): Promise<string> {
  const before = (await readDispositions(tenant)).length;
  await say(tenant, message);
  const rows = await eventually(
    () => readDispositions(tenant),
    (all) => all.length > before && all.every(({ disposition }) => disposition !== "received"),
  );
  return rows.at(-1)!.disposition;
}

Deno.test("a plain SQL update changes the very next message, in and out", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  // Ignored where there is no older service, else on the way to it.
  const outside = ["ignored", "forwarding", "forwarded"];
  assert.ok(outside.includes(await settle(tenant, { text: "menu" })));
  assert.equal(await countReplies(tenant), 0);
  await setRollout(tenant.orgId, 100);
  assert.equal(await settle(tenant, { text: "menu" }), "answered");
  const replies = await eventually(() => countReplies(tenant), (count) => count > 0);
  await setRollout(tenant.orgId, 0);
  assert.ok(outside.includes(await settle(tenant, { text: "menu" })));
  assert.equal(await countReplies(tenant), replies);
});

/** A word nobody has said before, without digits: a number means something to an agent. */
const word = (name: string) =>
  `zorb${name}${crypto.randomUUID().replace(/[^a-f]/g, "")}${"q".repeat(4)}`;
/** Requests of the model's with a word in them. */
async function countCalls(said: string): Promise<number> {
  const requests = await controlSimulator<unknown[]>("gemini", "GET", { path: "requests" });
  return requests.filter((request) => JSON.stringify(request).includes(said)).length;
}

Deno.test("the kill switch stops model calls at once", async () => {
  const tenant = await createWhatsappTenant();
  await settle(tenant, { text: "I am looking for a driver job in Kigali" });
  const before = word("before");
  await settle(tenant, { text: before });
  assert.ok(await countCalls(before) > 0, "the model was asked while the switch was on");

  await keepConfig(async () => {
    await setFlag("{unifiedServiceEnabled}", false);
    const replies = await countReplies(tenant);
    const after = word("after");
    await settle(tenant, { text: after });
    assert.equal(await countCalls(after), 0, "and not once it was pulled");
    assert.equal(await countReplies(tenant), replies);
  });
});

Deno.test("pulled between two model calls of a turn it stops the second, and the answer", async () => {
  const tenant = await createWhatsappTenant();
  await settle(tenant, { text: "I am looking for a driver job in Kigali" });
  const before = word("before");
  const during = word("during");
  // Asks once what to do and once more with what came of it.
  const calls = [{ name: "search_listings", args: { words: "driver" } }];
  await controlSimulator("gemini", "POST", {
    path: "rules",
    body: { rules: [before, during].map((text) => ({ when: { text }, then: { calls } })) },
  });
  await settle(tenant, { text: before });
  assert.ok(await countCalls(before) >= 2, "such a turn asks the model twice");
  const replies = await countReplies(tenant);

  const { id } = await controlSimulator<{ id: string }>("gemini", "POST", {
    path: "faults",
    // Long enough for a busy machine to pull the switch before the second call.
    body: { mode: "latency", latencyMilliseconds: 2_500, path: "/v1beta/**" },
  });
  try {
    await keepConfig(async () => {
      const settled = settle(tenant, { text: during });
      await eventually(
        () => controlSimulator<{ id: string; hits: number }[]>("gemini", "GET", { path: "faults" }),
        (faults) => faults.some((fault) => fault.id === id && fault.hits > 0),
      );
      await setFlag("{unifiedServiceEnabled}", false);
      assert.notEqual(await settled, "answered");
      assert.ok(await countCalls(during) <= 1);
      assert.equal(await countReplies(tenant), replies);
    });
  } finally {
    await controlSimulator("gemini", "DELETE", { path: `faults/${id}` });
  }
});

Deno.test("one person has one bucket, however written and after a change of number", async () => {
  const tenant = await createWhatsappTenant({ isInRollout: false });
  const number = `2507${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
  const newNumber = `2508${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
  await say(tenant, { from: number, text: "hello" });
  const explain = async (contact: string) =>
    (await askOps<Explained>(
      `GET /flags/explain?contact=${encodeURIComponent(contact)}&org_id=${tenant.orgId}`,
    )).body;
  const writings = (digits: string) => [
    digits,
    `+${digits}`,
    `00${digits}`,
    ` +${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)} `,
    `(${digits.slice(0, 3)}) ${digits.slice(3, 6)}-${digits.slice(6)}`,
  ];
  const [known] = (await explain(number)).contacts;
  assert.equal(known?.rolloutKey, number);
  for (const written of writings(number)) {
    assert.deepEqual((await explain(written)).contacts, [known], written);
  }
  // An operator's list means the same person, whatever the writing.
  await keepConfig(async () => {
    await setFlag("{allow}", [writings(number)[4]]);
    const [allowed] = (await explain(number)).contacts;
    assert.deepEqual([allowed?.inside, allowed?.reason], [true, "allowed"]);
    await settle(tenant, { from: number, text: "menu" });
    await eventually(() => countReplies(tenant), (count) => count > 0);
  });

  await say(tenant, {
    from: number,
    type: "system",
    system: { type: "user_changed_number", wa_id: newNumber, body: "changed" },
  });
  await say(tenant, { from: newNumber, text: "hello again" });
  for (const written of writings(newNumber)) {
    const [moved] = (await explain(written)).contacts;
    assert.deepEqual([moved?.rolloutKey, moved?.bucket], [number, known?.bucket], written);
  }
  // The lists know them by the number that they have now.
  await keepConfig(async () => {
    await setFlag("{allow}", [writings(newNumber)[3]]);
    const [allowed] = (await explain(newNumber)).contacts;
    assert.deepEqual([allowed?.inside, allowed?.reason], [true, "allowed"]);
    assert.match(allowed?.because ?? "", new RegExp(`"${newNumber}", as which`));
    assert.equal(await settle(tenant, { from: newNumber, text: "menu" }), "answered");
    await setFlag("{deny}", [`+${newNumber}`]);
    assert.equal((await explain(newNumber)).contacts[0]?.reason, "denied");
    assert.notEqual(await settle(tenant, { from: newNumber, text: "menu" }), "answered");
  });
});

Deno.test("malformed flags keep the last good ones, in isolates that never saw them too", async () => {
  const tenant = await createWhatsappTenant();
  const readAlert = async () =>
    (await queryDatabase<{ state: string }>(
      `select state from public.alerts where rule = 'flags_malformed'
       order by raised_at desc, last_raised_at desc limit 1`,
    ))[0]?.state;
  await keepConfig(async () => {
    await setFlag("{unifiedServiceEnabled}", "yes, please");
    assert.equal(await readAlert(), "raised");
    await restartFunction("unified-webhook");
    await settle(tenant, { text: "menu" });
    await eventually(() => countReplies(tenant), (count) => count > 0);
    const health = await eventually(
      async () => (await askOps<{ flags_valid: boolean; status: string }>("GET /health")).body,
      ({ flags_valid }) => !flags_valid,
    );
    assert.equal(health.status, "degraded");

    const read = await askOps<{ isValid: boolean; revision: number; errors: unknown[] }>(
      "GET /flags",
    );
    assert.deepEqual([read.body.isValid, read.body.errors.length], [false, 1]);
    const { body: { changes: [slip] } } = await askOps<{ changes: { id: string }[] }>(
      "GET /config/history?key=unified_service_flags&limit=1",
    );
    const reverted = await askOps(`POST /config/history/${slip?.id}/revert`, {
      body: { reason: "a slip of the hand" },
    });
    assert.equal(reverted.status, 200, reverted.text);
    assert.equal(await readAlert(), "resolved");
    assert.equal((await askOps<{ isValid: boolean }>("GET /flags")).body.isValid, true);
  });
});

Deno.test("two operators who change the flags at once: one does, the other is told", async () => {
  await keepConfig(async () => {
    const { body: { revision } } = await askOps<{ revision: number }>("GET /flags");
    const change = (hybridFlows: boolean) =>
      askOps("PATCH /flags", {
        headers: { "if-match": `"${revision}"` },
        body: { flags: { features: { hybridFlows } }, reason: "trying it", actor: "ada" },
      });
    const answers = await Promise.all([change(false), change(false), change(false)]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412, 412]);
    const [row] = await queryDatabase<{ actor: string; reason: string }>(
      `select actor, reason from public.app_config_history
       where key = 'unified_service_flags' order by changed_at desc limit 1`,
    );
    assert.deepEqual(row, { actor: "operator:ada", reason: "trying it" });
  });
});

Deno.test("an owner reads what holds for the own organization, and nothing of others", async () => {
  const tenant = await createWhatsappTenant();
  const other = await createWhatsappTenant({ isInRollout: false });
  const read = await askAs(tenant, "flags");
  assert.deepEqual([read.status, read.body["percent"]], [200, 100]);
  assert.equal(JSON.stringify(read.body).includes(other.orgId), false);
  await say(other, { from: "250788999000", text: "hello" });
  const explained = await askAs(tenant, "flags/explain?contact=250788999000");
  assert.equal(explained.status, 404, "whoever isn't a contact of the organization");
  for (const path of ["rollout", "config/history"]) {
    assert.equal((await askAs(tenant, path)).status, 401, path);
  }
});

async function askAs(tenant: Tenant, path: string) {
  const { callFunction } = await import("../../support/call_function.ts");
  return await callFunction(`ops/${path}`, {
    token: tenant.owner.token,
    headers: { "x-org-id": tenant.orgId },
  });
}

import assert from "node:assert/strict";
import { member, send, withSimulators } from "../with_simulators.ts";

const KEY = "vapi-demo-key";
const OTHER = "vapi-demo-market-key";
const MISSING = "99999999-9999-4999-8999-999999999999";
const customer = { number: "+250788123456" };

async function prepare(vapi: string): Promise<{ assistantId: string; phoneNumberId: string }> {
  const assistant = await send(`${vapi}/assistant`, { key: KEY, body: { name: "Outbound" } });
  const number = await send(`${vapi}/phone-number`, {
    key: KEY,
    body: {
      provider: "twilio",
      number: "+15005550100",
      twilioAccountSid: "AC00000000000000000000000000000001",
      twilioAuthToken: "0123456789abcdef0123456789abcdef",
      smsEnabled: false,
    },
  });
  return { assistantId: member(assistant.body, "id"), phoneNumberId: member(number.body, "id") };
}

Deno.test("an outbound call is queued, found by its name, and in the ledger", async () => {
  await withSimulators(async ({ vapi }) => {
    const ids = await prepare(vapi);
    const before = new Date().toISOString();
    const body = { ...ids, customer, name: "cb-1" };
    const placed = await send(`${vapi}/call`, { key: KEY, body });
    assert.equal(placed.status, 201, JSON.stringify(placed.body));
    assert.equal(member(placed.body, "status"), "queued");
    assert.equal(member(placed.body, "type"), "outboundPhoneCall");
    const list = async (query: string, key = KEY) =>
      ((await send(`${vapi}/call?${query}`, { key })).body as { id: string; name: string }[])
        .map(({ name }) => name);
    const since = encodeURIComponent(before);
    assert.deepEqual(await list(`assistantId=${ids.assistantId}&createdAtGe=${since}`), ["cb-1"]);
    assert.deepEqual(await list(`assistantId=${MISSING}`), []);
    assert.deepEqual(await list("limit=10", OTHER), []);
    const ledger = (await send(`${vapi}/__simulator/requests?account=${KEY}`)).body;
    assert.ok(
      (ledger as { method: string; path: string }[])
        .some(({ method, path }) => method === "POST" && path === "/call"),
    );
  });
});

Deno.test("a call is refused as strictly as by Vapi", async (test) => {
  await withSimulators(async ({ vapi }) => {
    const { assistantId, phoneNumberId } = await prepare(vapi);
    const good = { assistantId, phoneNumberId, customer };
    const cases: [string, Record<string, unknown>, RegExp][] = [
      ["an unknown field", { ...good, metadata: {} }, /metadata should not exist/],
      ["no number of ours", { assistantId, customer }, /phoneNumberId/],
      ["no assistant", { phoneNumberId, customer }, /assistantId/],
      ["nobody to call", { assistantId, phoneNumberId }, /customer/],
      ["no E.164", { ...good, customer: { number: "0788123456" } }, /E\.164/],
      ["another's assistant", { ...good, assistantId: MISSING }, /does not exist/],
      ["another's number", { ...good, phoneNumberId: MISSING }, /does not exist/],
      ["a long name", { ...good, name: "x".repeat(41) }, /name/],
    ];
    for (const [name, body, said] of cases) {
      await test.step(name, async () => {
        const refused = await send(`${vapi}/call`, { key: KEY, body });
        assert.equal(refused.status, 400);
        assert.match(JSON.stringify(refused.body), said);
      });
    }
    const sip = { number: "1234", numberE164CheckEnabled: false };
    assert.equal(
      (await send(`${vapi}/call`, { key: KEY, body: { ...good, customer: sip } })).status,
      201,
    );
    assert.equal((await send(`${vapi}/call`, { key: "no", body: good })).status, 401);
  });
});

Deno.test("a call is deleted once, by its own account, and not while it goes on", async () => {
  await withSimulators(async ({ vapi }) => {
    const body = { ...await prepare(vapi), customer };
    const id = member<string>((await send(`${vapi}/call`, { key: KEY, body })).body, "id");
    const remove = async (path: string, key: string) =>
      (await send(`${vapi}/call/${path}`, { method: "DELETE", key })).status;
    assert.equal(await remove(id, OTHER), 404);
    assert.equal(await remove(id, "no"), 401);
    assert.equal(await remove("call-1", KEY), 400);
    assert.equal(await remove(id, KEY), 200);
    assert.equal(await remove(id, KEY), 404);
    assert.equal((await send(`${vapi}/call/${id}`, { key: KEY })).status, 404);
    const call = { id: MISSING, status: "in-progress" };
    await send(`${vapi}/__simulator/calls`, { key: KEY, body: { account: KEY, call } });
    assert.equal(await remove(MISSING, KEY), 400);
  });
});

import assert from "node:assert/strict";
import type { LedgerEntry } from "./ledger.ts";
import { member, send, withSimulators } from "./with_simulators.ts";

const KEY = "vapi-demo-key";
const OTHER = "vapi-demo-market-key";

const plant = async (base: string, fault: Record<string, unknown>): Promise<string> => {
  const reply = await send(`${base}/__simulator/faults`, { body: fault });
  assert.equal(reply.status, 201, JSON.stringify(reply.body));
  return member(reply.body, "id");
};
const assistants = async (vapi: string, key: string) =>
  (await send(`${vapi}/assistant`, { key })).body as unknown[];

Deno.test("a status strikes one account, as often as told, in the provider's own shape", async () => {
  await withSimulators(async ({ vapi }) => {
    await plant(vapi, {
      account: KEY,
      method: "get",
      path: "/assistant",
      mode: "status",
      status: 429,
      retryAfterSeconds: 3,
      times: 1,
    });
    const struck = await send(`${vapi}/assistant`, { key: KEY });
    assert.equal(struck.status, 429);
    assert.equal(struck.headers.get("retry-after"), "3");
    assert.equal(member(struck.body, "error"), "Too Many Requests");
    assert.equal((await send(`${vapi}/assistant`, { key: KEY })).status, 200);
    assert.equal((await send(`${vapi}/assistant`, { key: OTHER })).status, 200);
  });
});

Deno.test("a fault by key leaves the account's other key alone, and ends when removed", async () => {
  await withSimulators(async ({ vapi }) => {
    const accountId = "d0000000-0000-4000-8000-000000000001";
    await send(`${vapi}/__simulator/accounts`, { body: { key: "second-key", accountId } });
    const id = await plant(vapi, { key: "second-key", path: "/**", mode: "status", status: 500 });
    assert.equal((await send(`${vapi}/assistant`, { key: "second-key" })).status, 500);
    assert.equal((await send(`${vapi}/assistant`, { key: KEY })).status, 200);
    await send(`${vapi}/__simulator/faults/${id}`, { method: "DELETE" });
    assert.equal((await send(`${vapi}/assistant`, { key: "second-key" })).status, 200);
    await plant(vapi, { path: "/**", mode: "status", status: 503 });
    await send(`${vapi}/__simulator/faults`, { method: "DELETE" });
    assert.equal((await send(`${vapi}/assistant`, { key: KEY })).status, 200);
  });
});

Deno.test("a status after the effect: the assistant exists although the answer was 500", async () => {
  await withSimulators(async ({ vapi }) => {
    const fault = { method: "POST", path: "/assistant", mode: "status", status: 500 };
    await plant(vapi, { ...fault, moment: "after", times: 1 });
    assert.equal((await send(`${vapi}/assistant`, { key: KEY, body: { name: "A" } })).status, 500);
    assert.equal((await assistants(vapi, KEY)).length, 1);
    await plant(vapi, { ...fault, times: 1 });
    assert.equal((await send(`${vapi}/assistant`, { key: KEY, body: { name: "B" } })).status, 500);
    assert.equal((await assistants(vapi, KEY)).length, 1);
  });
});

for (const [moment, kept] of [["before", 0], ["after", 1]] as const) {
  Deno.test(`drop closes the connection, ${moment} the effect`, async () => {
    await withSimulators(async ({ vapi }) => {
      await plant(vapi, { method: "POST", path: "/assistant", mode: "drop", moment, times: 1 });
      await assert.rejects(send(`${vapi}/assistant`, { key: KEY, body: { name: "A" } }), TypeError);
      assert.equal((await assistants(vapi, KEY)).length, kept);
    });
  });

  Deno.test(`hang never answers, ${moment} the effect`, async () => {
    await withSimulators(async ({ vapi }) => {
      await plant(vapi, { method: "POST", path: "/assistant", mode: "hang", moment, times: 1 });
      // Long enough to arrive, and to act.
      const signal = AbortSignal.timeout(1_000);
      await assert.rejects(
        send(`${vapi}/assistant`, { key: KEY, body: { name: "A" }, signal }),
        { name: "TimeoutError" },
      );
      assert.equal((await assistants(vapi, KEY)).length, kept);
      const { body } = await send(`${vapi}/__simulator/requests?method=POST`);
      const [entry] = body as LedgerEntry[];
      assert.equal(entry?.status, null);
      assert.equal(entry?.fault?.mode, "hang");
    });
  });
}

Deno.test("stopping does not wait for a hung request", async () => {
  let hung: Promise<unknown> = Promise.resolve();
  await withSimulators(async ({ vapi }) => {
    await plant(vapi, { path: "/assistant", mode: "hang" });
    hung = send(`${vapi}/assistant`, { key: KEY }).then(() => "answered", () => "cut off");
    // Stopped before it arrived, it would be refused instead of cut off.
    const arrived = async () => (await send(`${vapi}/__simulator/requests`)).body as unknown[];
    while ((await arrived()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });
  assert.equal(await hung, "cut off");
});

Deno.test("malformed answers something that claims to be JSON", async () => {
  await withSimulators(async ({ vapi }) => {
    await plant(vapi, { path: "/assistant", mode: "malformed", times: 1 });
    const response = await fetch(`${vapi}/assistant`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/json");
    await assert.rejects(response.json(), SyntaxError);
  });
});

Deno.test("latency delays one account's answer, the switch delays everybody's", async () => {
  await withSimulators(async ({ vapi }) => {
    const took = async (key: string) => {
      const started = performance.now();
      assert.equal((await send(`${vapi}/assistant`, { key })).status, 200);
      return performance.now() - started;
    };
    await plant(vapi, {
      account: KEY,
      path: "/assistant",
      mode: "latency",
      latencyMilliseconds: 150,
    });
    assert.ok(await took(KEY) >= 149);
    const { body: ledger } = await send(`${vapi}/__simulator/requests`);
    assert.ok(((ledger as LedgerEntry[])[0]?.durationMilliseconds ?? 0) >= 149);

    await send(`${vapi}/__simulator/faults`, { method: "DELETE" });
    const settings = `${vapi}/__simulator/settings`;
    await send(settings, { method: "PUT", body: { latencyMilliseconds: 120 } });
    assert.ok(await took(OTHER) >= 119);
    await send(settings, { method: "PUT", body: { latencyMilliseconds: 0 } });
  });
});

Deno.test("Twilio and Graph faults carry their own codes", async () => {
  await withSimulators(async ({ twilio, graph }) => {
    await plant(twilio, { path: "/2010-04-01/**", mode: "status", status: 429 });
    const limited = await send(`${twilio}/2010-04-01/Accounts/AC1.json`);
    assert.deepEqual([limited.status, member(limited.body, "code")], [429, 20429]);
    await plant(graph, { path: "/:version/:id", mode: "status", status: 401 });
    const expired = await send(`${graph}/v26.0/1`);
    assert.equal(expired.status, 401);
    assert.equal(member(member(expired.body, "error"), "code"), 190);
  });
});

Deno.test("a fault may bring its own body, e.g. a pinned assistant", async () => {
  await withSimulators(async ({ vapi }) => {
    const body = { error: "assistant_pinned", message: "It is pinned." };
    await plant(vapi, {
      method: "DELETE",
      path: "/assistant/*",
      mode: "status",
      status: 409,
      body,
    });
    const reply = await send(`${vapi}/assistant/${crypto.randomUUID()}`, {
      method: "DELETE",
      key: KEY,
    });
    assert.equal(reply.status, 409);
    assert.deepEqual(reply.body, body);
  });
});

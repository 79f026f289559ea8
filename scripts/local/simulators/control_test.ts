import assert from "node:assert/strict";
import type { LedgerEntry } from "./ledger.ts";
import { member, send, withSimulators } from "./with_simulators.ts";

const KEY = "vapi-demo-key";
const SECRET = "v1.11111111-1111-4111-8111-111111111111.1.abcdef";

Deno.test("the ledger has every request, by account and path, and no credential", async () => {
  await withSimulators(async ({ vapi }) => {
    await send(`${vapi}/assistant`, {
      key: KEY,
      body: {
        name: "Ann",
        server: { url: "https://x.test", headers: { "X-Vapi-Secret": SECRET } },
      },
    });
    await send(`${vapi}/phone-number`, { key: KEY, body: { twilioAuthToken: "0123456789abcdef" } });
    await send(`${vapi}/assistant?limit=1`, { key: "vapi-demo-market-key" });
    await send(`${vapi}/assistant?limit=1`, { key: "nobody-has-this-key" });

    const all = await send(`${vapi}/__simulator/requests`);
    const entries = all.body as LedgerEntry[];
    assert.deepEqual(entries.map(({ method, path, status }) => [method, path, status]), [
      ["POST", "/assistant", 201],
      ["POST", "/phone-number", 400],
      ["GET", "/assistant", 200],
      ["GET", "/assistant", 401],
    ]);
    const text = JSON.stringify(entries);
    for (const secret of [KEY, SECRET, "0123456789abcdef", "nobody-has-this-key"]) {
      assert.ok(!text.includes(secret), `the ledger shows "${secret}"`);
    }
    const count = async (query: string) =>
      (await send(`${vapi}/__simulator/requests?${query}`)).body as LedgerEntry[];
    assert.equal((await count(`account=${KEY}`)).length, 2);
    assert.equal((await count("account=d0000000-0000-4000-8000-000000000001")).length, 2);
    assert.equal((await count("key=nobody-has-this-key")).length, 1);
    assert.equal((await count("path=/assistant&method=get")).length, 2);
    assert.equal((await count(`after=${entries[2]?.id}`)).length, 1);

    await send(`${vapi}/__simulator/requests?account=${KEY}`, { method: "DELETE" });
    assert.equal((await count("path=/**")).length, 2);
  });
});

Deno.test("the state of an account shows its objects and no credential", async () => {
  await withSimulators(async ({ vapi }) => {
    await send(`${vapi}/assistant`, {
      key: KEY,
      body: {
        name: "Ann",
        server: { url: "https://x.test", headers: { "X-Vapi-Secret": SECRET } },
      },
    });
    const { body } = await send(`${vapi}/__simulator/state?account=${KEY}`);
    assert.equal(member<{ name: string }[]>(body, "assistants")[0]?.name, "Ann");
    assert.ok(!JSON.stringify(body).includes(SECRET));
    assert.ok(!JSON.stringify(body).includes(KEY));
    await send(`${vapi}/__simulator/state?account=${KEY}`, { method: "DELETE" });
    assert.deepEqual((await send(`${vapi}/assistant`, { key: KEY })).body, []);
  });
});

Deno.test("several keys open one account, and a revoked one no longer", async () => {
  await withSimulators(async ({ vapi }) => {
    const accounts = `${vapi}/__simulator/accounts`;
    const { body } = await send(accounts, { body: { key: "first-key" } });
    const accountId = member<string>(body, "account");
    await send(accounts, { body: { key: "second-key", accountId } });
    await send(`${vapi}/assistant`, { key: "first-key", body: { name: "Ann" } });
    const seen = await send(`${vapi}/assistant`, { key: "second-key" });
    assert.equal((seen.body as unknown[]).length, 1);
    const revoked = await send(accounts, { method: "DELETE", body: { key: "first-key" } });
    assert.equal(revoked.status, 200);
    assert.equal((await send(`${vapi}/assistant`, { key: "first-key" })).status, 401);
    assert.equal((await send(`${vapi}/assistant`, { key: "second-key" })).status, 200);
    const { body: entries } = await send(`${vapi}/__simulator/requests?account=${accountId}`);
    assert.equal((entries as LedgerEntry[]).length, 4);
  });
});

Deno.test("a malformed control request is refused with the reason", async () => {
  await withSimulators(async ({ vapi, graph }) => {
    const cases: [path: string, body: unknown][] = [
      ["accounts", {}],
      ["accounts", { key: "x", unknown: true }],
      ["faults", { path: "/assistant", mode: "status" }],
      ["faults", { path: "/assistant", mode: "latency" }],
      ["faults", { path: "/assistant", mode: "explode" }],
      ["faults", { path: "/assistant", mode: "hang", account: "nobody" }],
    ];
    for (const [path, body] of cases) {
      const reply = await send(`${vapi}/__simulator/${path}`, { body });
      assert.equal(reply.status, 400, JSON.stringify(body));
      assert.ok(member<string>(reply.body, "error").length > 0);
    }
    assert.equal((await send(`${graph}/__simulator/nothing`)).status, 404);
  });
});

Deno.test("a rate limit of one account answers 429 with Retry-After and spares the others", async () => {
  await withSimulators(async ({ vapi }) => {
    await send(`${vapi}/__simulator/settings`, {
      method: "PUT",
      body: {
        account: KEY,
        rateLimit: { limit: 2, windowMilliseconds: 60_000, retryAfterSeconds: 7 },
      },
    });
    const statuses = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const reply = await send(`${vapi}/assistant`, { key: KEY });
      statuses.push([reply.status, reply.headers.get("retry-after")]);
    }
    assert.deepEqual(statuses, [[200, null], [200, null], [429, "7"]]);
    assert.equal((await send(`${vapi}/assistant`, { key: "vapi-demo-market-key" })).status, 200);
  });
});

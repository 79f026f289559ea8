import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { member, send, withSimulators } from "../with_simulators.ts";

const SECRET = "a-secret";
const BODY = JSON.stringify({
  object: "whatsapp_business_account",
  entry: [{
    id: "1",
    changes: [{
      field: "messages",
      value: {
        messaging_product: "whatsapp",
        metadata: { phone_number_id: "2" },
        messages: [{ id: "wamid.1", text: { body: "h\u00e9llo" } }],
      },
    }],
  }],
});
const sign = (body: string, secret = SECRET) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: "POST",
    redirect: "manual",
    headers: {
      "content-type": "application/json",
      "x-hub-signature-256": sign(body),
      "x-switchboard-delivery-id": "0192f000-0000-7000-8000-000000000001",
      ...headers,
    },
    body,
  });
  await response.body?.cancel();
  return response.status;
}

Deno.test("the older service takes what is signed over its bytes, and nothing else", async () => {
  await withSimulators(async ({ legacy }) => {
    const account = { account: "a", appSecret: SECRET };
    await send(`${legacy}/__simulator/accounts`, { body: account });
    const url = `${legacy}/a/wa-webhook-jobs`;
    const cases: [name: string, body: string, headers: Record<string, string>, status: number][] = [
      ["as Meta sends it", BODY, {}, 200],
      ["not signed", BODY, { "x-hub-signature-256": "" }, 401],
      ["signed with another secret", BODY, { "x-hub-signature-256": sign(BODY, "other") }, 401],
      ["changed on the way", `${BODY} `, { "x-hub-signature-256": sign(BODY) }, 401],
      ["no JSON", "hello", {}, 400],
      ["no delivery", "{}", {}, 400],
      ["nothing in it", BODY.replace(/"messages":\[.*?\]/, '"messages":[]'), {}, 400],
      ["another type", BODY, { "content-type": "text/plain" }, 415],
      ["no id", BODY, { "x-switchboard-delivery-id": "" }, 400],
    ];
    for (const [name, body, headers, status] of cases) {
      assert.equal(await post(url, body, headers), status, name);
    }
    assert.equal(await post(`${legacy}/nobody/hook`, BODY), 404);
    const state = (await send(`${legacy}/__simulator/state?account=a`)).body;
    const [kept] = state as unknown[];
    const taken = member<{ hook: string; bodyBase64: string }[]>(kept, "taken");
    assert.deepEqual(taken.map(({ hook }) => hook), ["wa-webhook-jobs"]);
    const bytes = Uint8Array.from(atob(taken[0]!.bodyBase64), (one) => one.charCodeAt(0));
    assert.equal(new TextDecoder().decode(bytes), BODY);
    assert.equal(member<unknown[]>(kept, "refused").length, cases.length - 1);

    const settings = { account: "a", redirectTo: "http://127.0.0.1:1/" };
    await send(`${legacy}/__simulator/settings`, { method: "PUT", body: settings });
    assert.equal(await post(url, BODY), 307);
  });
});

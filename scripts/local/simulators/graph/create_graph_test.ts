import assert from "node:assert/strict";
import { member, send, withSimulators } from "../with_simulators.ts";

const TOKEN = "EAAdemo0000000000000000000000000000000000000000";
const OTHER = "EAAdemo0000000000000000000000000000000000000001";
const NUMBER = "100000000000001";
const BUSINESS = "200000000000001";
const code = (body: unknown) => member(member(body, "error"), "code");

Deno.test("a number and a business account are read with the fields asked for", async () => {
  await withSimulators(async ({ graph }) => {
    const fields = "id,display_phone_number,verified_name,quality_rating";
    const number = await send(`${graph}/v26.0/${NUMBER}?fields=${fields}`, { key: TOKEN });
    assert.equal(number.status, 200);
    assert.deepEqual(number.body, {
      id: NUMBER,
      display_phone_number: "+1 555 010 0001",
      verified_name: "Demo Clinic",
      quality_rating: "GREEN",
    });
    const business = await send(`${graph}/v26.0/${BUSINESS}?fields=name`, { key: TOKEN });
    assert.deepEqual(business.body, { id: BUSINESS, name: "Demo Clinic" });
    const numbers = await send(`${graph}/v26.0/${BUSINESS}/phone_numbers`, { key: TOKEN });
    assert.deepEqual(
      member<unknown[]>(numbers.body, "data").map((one) => member(one, "id")),
      [NUMBER],
    );
  });
});

Deno.test("refusals have Meta's codes", async () => {
  await withSimulators(async ({ graph }) => {
    const cases: [path: string, token: string | null, status: number, expected: number][] = [
      [`/v26.0/${NUMBER}`, "EAAnobody", 401, 190],
      [`/v26.0/${NUMBER}`, null, 400, 104],
      [`/v26.0/${NUMBER}`, OTHER, 400, 100],
      [`/v26.0/${BUSINESS}`, OTHER, 400, 100],
      [`/v26.0/${BUSINESS}/phone_numbers`, OTHER, 400, 100],
      [`/v26.0/${BUSINESS}/subscribed_apps`, OTHER, 400, 100],
      [`/v26.0/${NUMBER}/subscribed_apps`, TOKEN, 400, 100],
      ["/v26.0/999", TOKEN, 400, 100],
      [`/v26.0/${NUMBER}?fields=id,color`, TOKEN, 400, 100],
      [`/${NUMBER}/messages`, TOKEN, 400, 2500],
    ];
    for (const [path, token, status, expected] of cases) {
      const reply = await send(`${graph}${path}`, token === null ? {} : { key: token });
      assert.deepEqual([reply.status, code(reply.body)], [status, expected], path);
      assert.equal(typeof member(member(reply.body, "error"), "fbtrace_id"), "string");
    }
    await send(`${graph}/__simulator/accounts`, { method: "DELETE", body: { token: TOKEN } });
    assert.equal(code((await send(`${graph}/v26.0/${NUMBER}`, { key: TOKEN })).body), 190);
  });
});

Deno.test("an app is subscribed, shown and unsubscribed", async () => {
  await withSimulators(async ({ graph }) => {
    const url = `${graph}/v26.0/${BUSINESS}/subscribed_apps`;
    const shown = async () => member<unknown[]>((await send(url, { key: TOKEN })).body, "data");
    assert.deepEqual(await shown(), []);
    const subscribed = await send(url, { method: "POST", key: TOKEN });
    assert.deepEqual(subscribed.body, { success: true });
    const [app] = await shown();
    assert.equal(member(member(app, "whatsapp_business_api_data"), "id"), "300000000000001");
    await send(url, { method: "DELETE", key: TOKEN });
    assert.deepEqual(await shown(), []);
    const strange = await send(url, { key: TOKEN, body: { callback: "x" } });
    assert.equal(code(strange.body), 100);
  });
});

Deno.test("a planted file is described and downloaded with the token, until it expires", async () => {
  await withSimulators(async ({ graph }) => {
    const plant = async (fields: Record<string, unknown>) => {
      const content = { mime_type: "text/plain", content_base64: btoa("hello") };
      const reply = await send(`${graph}/__simulator/media`, {
        body: { account: TOKEN, ...content, ...fields },
      });
      assert.equal(reply.status, 201);
      return (await send(`${graph}/v26.0/${member<string>(reply.body, "id")}`, { key: TOKEN }))
        .body;
    };
    const media = await plant({});
    assert.equal(member(media, "file_size"), 5);
    assert.equal(member(media, "mime_type"), "text/plain");
    const url = member<string>(media, "url");
    assert.equal((await send(url, { key: TOKEN })).body, "hello");
    assert.equal((await send(url)).status, 400);
    assert.equal((await send(url, { key: OTHER })).status, 404);
    const expired = await plant({ expires_in_seconds: -1 });
    assert.equal((await send(member<string>(expired, "url"), { key: TOKEN })).status, 404);
    assert.equal(member(await plant({ url: "https://evil.test/x" }), "url"), "https://evil.test/x");
  });
});

const APP = "300000000000001";
const APP_TOKEN = `${APP}|local-whatsapp-app-secret`;

/** Answers a webhook's handshake as ours does, or however a test wants it to. */
async function withWebhook(
  answer: (query: URLSearchParams) => Response,
  run: (url: string) => Promise<void>,
): Promise<void> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answer(new URL(request.url).searchParams),
  );
  try {
    await run(`http://127.0.0.1:${server.addr.port}/hook`);
  } finally {
    await server.shutdown();
  }
}

const shake = (query: URLSearchParams) =>
  query.get("hub.verify_token") === "good"
    ? new Response(query.get("hub.challenge"))
    : new Response("no", { status: 403 });

Deno.test("an app's webhook is registered once its address has shaken hands", async () => {
  await withSimulators(async ({ graph }) => {
    await withWebhook(shake, async (hook) => {
      const url = `${graph}/v26.0/${APP}/subscriptions`;
      const shown = async () =>
        member<unknown[]>((await send(url, { key: APP_TOKEN })).body, "data");
      assert.deepEqual(await shown(), []);
      const body = {
        object: "whatsapp_business_account",
        callback_url: hook,
        verify_token: "good",
        fields: "messages",
      };
      const made = await send(url, { method: "POST", key: APP_TOKEN, body });
      assert.deepEqual([made.status, made.body], [200, { success: true }]);
      assert.deepEqual(await shown(), [{
        object: "whatsapp_business_account",
        callback_url: hook,
        active: true,
        fields: [{ name: "messages", version: "v26.0" }],
      }]);
      const refused: [change: Record<string, unknown>, expected: number][] = [
        [{ verify_token: "bad" }, 2200],
        [{ callback_url: "http://elsewhere.test/hook" }, 2200],
        [{ callback_url: "http://127.0.0.1:1/hook" }, 2200],
        [{ callback_url: "nowhere" }, 100],
        [{ fields: "messages,colours" }, 100],
        [{ fields: "" }, 100],
        [{ object: "cats" }, 100],
        [{ verify_token: undefined }, 100],
      ];
      for (const [change, expected] of refused) {
        const reply = await send(url, { key: APP_TOKEN, body: { ...body, ...change } });
        assert.deepEqual([reply.status, code(reply.body)], [400, expected], JSON.stringify(change));
      }
      assert.equal(member((await shown())[0], "callback_url"), hook, "a refusal changes nothing");
      await send(url, { method: "DELETE", key: APP_TOKEN });
      assert.deepEqual(await shown(), []);
    });
  });
});

Deno.test("an app's webhooks are for its own token alone, which opens nothing else", async () => {
  await withSimulators(async ({ graph }) => {
    const cases: [path: string, token: string, status: number, expected: number][] = [
      [`/v26.0/${APP}/subscriptions`, TOKEN, 400, 15],
      [`/v26.0/${APP}/subscriptions`, `${APP}|another`, 401, 190],
      ["/v26.0/300000000000009/subscriptions", APP_TOKEN, 400, 100],
      [`/v26.0/${NUMBER}`, APP_TOKEN, 400, 100],
      [`/v26.0/${BUSINESS}/subscribed_apps`, APP_TOKEN, 400, 100],
    ];
    for (const [path, token, status, expected] of cases) {
      const reply = await send(`${graph}${path}`, { key: token });
      assert.deepEqual([reply.status, code(reply.body)], [status, expected], `${path} ${token}`);
    }
  });
});

import assert from "node:assert/strict";
import { member, send, withSimulators } from "../with_simulators.ts";

const KEY = "vapi-demo-key";
const NUMBER = {
  provider: "twilio",
  number: "+15005550100",
  twilioAccountSid: "AC00000000000000000000000000000001",
  twilioAuthToken: "0123456789abcdef0123456789abcdef",
  name: "Demo Clinic",
  smsEnabled: false,
};
const MISSING = "99999999-9999-4999-8999-999999999999";

const REFUSALS: [what: string, body: Record<string, unknown>, message: string | RegExp][] = [
  ["an unknown field", { ...NUMBER, phone: "x" }, "property phone should not exist"],
  ["another provider", { ...NUMBER, provider: "nobody" }, /^provider must be one of/],
  [
    "a number that is not E.164",
    { ...NUMBER, number: "15005550100" },
    /^number must be a valid phone number/,
  ],
  ["a name over 40 characters", { ...NUMBER, name: "x".repeat(41) }, /^name must be shorter/],
  [
    "an assistant that does not exist",
    { ...NUMBER, assistantId: MISSING },
    `assistantId ${MISSING} does not exist`,
  ],
  [
    "a bad Twilio token",
    { ...NUMBER, twilioAuthToken: "f".repeat(32) },
    "Twilio Error: Authenticate",
  ],
  [
    "a number that Twilio's account lacks",
    { ...NUMBER, number: "+15005550199" },
    /was not found on the Twilio account/,
  ],
  [
    "a fallback without its kind",
    { ...NUMBER, fallbackDestination: { number: "+15005550111" } },
    /^fallbackDestination\.type must be one of/,
  ],
];
for (const [what, body, message] of REFUSALS) {
  Deno.test(`importing a number refuses ${what}`, async () => {
    await withSimulators(async ({ vapi }) => {
      const reply = await send(`${vapi}/phone-number`, { key: KEY, body });
      assert.equal(reply.status, 400, JSON.stringify(reply.body));
      const first = [member<string | string[]>(reply.body, "message")].flat()[0] ?? "";
      if (typeof message === "string") assert.equal(first, message);
      else assert.match(first, message);
    });
  });
}

Deno.test("a number is imported once, echoes the token, and is listed", async () => {
  await withSimulators(async ({ vapi }) => {
    const fallbackDestination = { type: "number", number: "+15005550111" };
    const first = await send(`${vapi}/phone-number`, {
      key: KEY,
      body: { ...NUMBER, fallbackDestination },
    });
    assert.equal(first.status, 201, JSON.stringify(first.body));
    assert.equal(member(first.body, "twilioAuthToken"), NUMBER.twilioAuthToken);
    assert.equal(member(first.body, "smsEnabled"), false);
    const again = await send(`${vapi}/phone-number`, { key: KEY, body: NUMBER });
    assert.equal(again.status, 400);
    assert.match(member(again.body, "message"), /already in use/);
    assert.deepEqual((await send(`${vapi}/phone-number`, { key: KEY })).body, [first.body]);
  });
});

Deno.test("messaging is on unless it is switched off, as at Vapi", async () => {
  await withSimulators(async ({ vapi }) => {
    const { smsEnabled: _off, ...body } = NUMBER;
    const reply = await send(`${vapi}/phone-number`, { key: KEY, body });
    assert.equal(member(reply.body, "smsEnabled"), true);
  });
});

Deno.test("a PATCH binds a number, and null takes the binding away", async () => {
  await withSimulators(async ({ vapi }) => {
    const { body: assistant } = await send(`${vapi}/assistant`, { key: KEY, body: { name: "A" } });
    const assistantId = member<string>(assistant, "id");
    const { body: number } = await send(`${vapi}/phone-number`, { key: KEY, body: NUMBER });
    const url = `${vapi}/phone-number/${member<string>(number, "id")}`;
    const patch = (body: unknown) => send(url, { method: "PATCH", key: KEY, body });

    assert.equal(member((await patch({ assistantId })).body, "assistantId"), assistantId);
    const server = { url: "https://x.test/vapi", timeoutSeconds: 20 };
    const unbound = await patch({ assistantId: null, server });
    assert.equal(unbound.status, 200);
    assert.ok(!("assistantId" in (unbound.body as object)));
    assert.deepEqual(member(unbound.body, "server"), server);
    assert.equal((await patch({ assistantId: MISSING })).status, 400);
    assert.equal((await patch({ unknown: true })).status, 400);
    assert.equal((await patch({ name: null })).status, 400);

    assert.equal((await send(url, { method: "DELETE", key: KEY })).status, 200);
    assert.equal((await send(url, { key: KEY })).status, 404);
  });
});

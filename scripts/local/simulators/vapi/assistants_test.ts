import assert from "node:assert/strict";
import { member, send, withSimulators } from "../with_simulators.ts";

const KEY = "vapi-demo-key";
const MODEL = {
  provider: "openai",
  model: "gpt-4o",
  temperature: 0.4,
  messages: [{ role: "system", content: "You answer the phone." }],
};
const MISSING = "99999999-9999-4999-8999-999999999999";

const REFUSALS: [what: string, fields: Record<string, unknown>, message: string | RegExp][] = [
  ["an unknown field", { firstMesage: "Hi" }, "property firstMesage should not exist"],
  [
    "an unknown field of the model",
    { model: { ...MODEL, toolId: "x" } },
    "model.property toolId should not exist",
  ],
  [
    "a name over 40 characters",
    { name: "x".repeat(41) },
    "name must be shorter than or equal to 40 characters",
  ],
  ["a wrong type", { firstMessage: 7 }, "firstMessage must be a string"],
  [
    "a number as text",
    { maxDurationSeconds: "600" },
    "maxDurationSeconds must be a number conforming to the specified constraints",
  ],
  ["null", { firstMessage: null }, "firstMessage must be a string"],
  [
    "a call shorter than 10 s",
    { maxDurationSeconds: 9 },
    "maxDurationSeconds must not be less than 10",
  ],
  [
    "a call longer than 12 h",
    { maxDurationSeconds: 43201 },
    "maxDurationSeconds must not be greater than 43200",
  ],
  [
    "an endCallMessage over 1000",
    { endCallMessage: "x".repeat(1001) },
    /^endCallMessage must be shorter/,
  ],
  [
    "a voicemailMessage over 1000",
    { voicemailMessage: "x".repeat(1001) },
    /^voicemailMessage must be shorter/,
  ],
  [
    "an unknown server message",
    { serverMessages: ["call.started"] },
    /^serverMessages\.0 must be one of the following values: assistant\.started/,
  ],
  [
    "a server time-out over 300 s",
    { server: { url: "https://x.test", timeoutSeconds: 301 } },
    "server.timeoutSeconds must not be greater than 300",
  ],
  ["more than 10 retries", {
    server: { backoffPlan: { type: "exponential", maxRetries: 11, baseDelaySeconds: 1 } },
  }, "server.backoffPlan.maxRetries must not be greater than 10"],
  ["a backoff plan without its parts", {
    server: { backoffPlan: { type: "fixed", maxRetries: 1 } },
  }, /^server\.backoffPlan\.baseDelaySeconds must be a number/],
  [
    "a header that is not text",
    { server: { headers: { "X-Vapi-Secret": 1 } } },
    "server.headers.X-Vapi-Secret must be a string",
  ],
  [
    "a model without its name",
    { model: { provider: "openai" } },
    /^model\.model must be one of the following values/,
  ],
  [
    "a model without a provider",
    { model: { toolIds: [] } },
    /^model\.provider must be one of the following values: anthropic/,
  ],
  [
    "an unknown model",
    { model: { provider: "openai", model: "gpt-1" } },
    /^model\.model must be one of/,
  ],
  [
    "a temperature over 2",
    { model: { ...MODEL, temperature: 2.1 } },
    "model.temperature must not be greater than 2",
  ],
  ["a message of an unknown role", {
    model: { ...MODEL, messages: [{ role: "bot", content: "" }] },
  }, /^model\.messages\.0\.role must be one of/],
  [
    "a missing tool",
    { model: { ...MODEL, toolIds: [MISSING] } },
    `model.toolIds: tool ${MISSING} does not exist`,
  ],
  [
    "an unknown voice provider",
    { voice: { provider: "nobody", voiceId: "x" } },
    /^voice\.provider must be one of the following values: azure/,
  ],
  [
    "a retired voice",
    { voice: { provider: "vapi", voiceId: "Paige" } },
    /^voice\.voiceId must be one of the following values: Elliot/,
  ],
  [
    "a voice's foreign field",
    { voice: { provider: "vapi", voiceId: "Elliot", stability: 0.5 } },
    "voice.property stability should not exist",
  ],
  [
    "a stability over 1",
    { voice: { provider: "11labs", voiceId: "sarah", stability: 1.1 } },
    "voice.stability must not be greater than 1",
  ],
  [
    "an unknown transcriber",
    { transcriber: { provider: "nobody" } },
    /^transcriber\.provider must be one of/,
  ],
  ["an unknown language", {
    transcriber: { provider: "deepgram", model: "nova-3", language: "klingon" },
  }, /^transcriber\.language must be one of/],
  ["metadata that is no object", { metadata: "x" }, "metadata must be an object"],
];

for (const [what, fields, message] of REFUSALS) {
  Deno.test(`creating and changing an assistant refuses ${what}`, async () => {
    await withSimulators(async ({ vapi }) => {
      const { body: assistant } = await send(`${vapi}/assistant`, {
        key: KEY,
        body: { name: "A" },
      });
      const url = `${vapi}/assistant/${member<string>(assistant, "id")}`;
      for (const [method, target] of [["POST", `${vapi}/assistant`], ["PATCH", url]] as const) {
        const reply = await send(target, { method, key: KEY, body: fields });
        assert.equal(reply.status, 400);
        assert.equal(member(reply.body, "error"), "Bad Request");
        assert.equal(member(reply.body, "statusCode"), 400);
        const [first] = member<string[]>(reply.body, "message");
        if (typeof message === "string") assert.equal(first, message);
        else assert.match(first ?? "", message);
      }
      assert.deepEqual((await send(url, { key: KEY })).body, assistant);
    });
  });
}

Deno.test("what the OpenAPI allows is taken and shown as it was sent", async () => {
  await withSimulators(async ({ vapi }) => {
    const { body: tool } = await send(`${vapi}/tool`, { key: KEY, body: { type: "endCall" } });
    const sent = {
      name: "Inbound",
      firstMessage: "",
      model: { ...MODEL, toolIds: [member<string>(tool, "id")] },
      voice: { provider: "11labs", voiceId: "any-voice", stability: 0.5, similarityBoost: 0.75 },
      transcriber: { provider: "deepgram", model: "nova-3", language: "multi" },
      maxDurationSeconds: 600,
      metadata: { org_id: "o", agent_id: "a", role: "inbound" },
      server: {
        url: "https://x.test/vapi",
        timeoutSeconds: 20,
        headers: { "X-Vapi-Secret": "v1.secret" },
        backoffPlan: {
          type: "exponential",
          maxRetries: 5,
          baseDelaySeconds: 1,
          excludedStatusCodes: [400, 401],
        },
      },
      serverMessages: ["status-update", "end-of-call-report", 'transcript[transcriptType="final"]'],
    };
    const reply = await send(`${vapi}/assistant`, { key: KEY, body: sent });
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
    const { id, orgId, createdAt, updatedAt, isServerUrlSecretSet, ...rest } = reply.body as Record<
      string,
      unknown
    >;
    assert.deepEqual(rest, sent);
    assert.match(String(id), /^[0-9a-f-]{36}$/);
    assert.equal(orgId, "d0000000-0000-4000-8000-000000000001");
    assert.equal(createdAt, updatedAt);
    assert.equal(isServerUrlSecretSet, false);
  });
});

Deno.test("a PATCH replaces top-level fields as wholes and leaves the others", async () => {
  await withSimulators(async ({ vapi }) => {
    const { body: tool } = await send(`${vapi}/tool`, { key: KEY, body: { type: "endCall" } });
    const toolIds = [member<string>(tool, "id")];
    const { body } = await send(`${vapi}/assistant`, {
      key: KEY,
      body: {
        name: "A",
        firstMessage: "Hi",
        model: { ...MODEL, toolIds },
        metadata: { org_id: "o", agent_id: "a" },
      },
    });
    const url = `${vapi}/assistant/${member<string>(body, "id")}`;
    const patch = { model: { provider: "openai", model: "gpt-4o" }, metadata: { org_id: "o" } };
    const reply = await send(url, { method: "PATCH", key: KEY, body: patch });
    assert.equal(reply.status, 200);
    const { body: now } = await send(url, { key: KEY });
    assert.deepEqual(member(now, "model"), { provider: "openai", model: "gpt-4o" });
    assert.deepEqual(member(now, "metadata"), { org_id: "o" });
    assert.equal(member(now, "firstMessage"), "Hi");
    assert.equal(member(now, "createdAt"), member(body, "createdAt"));
  });
});

Deno.test("an assistant is gone after DELETE, and unknown or malformed ids say so", async () => {
  await withSimulators(async ({ vapi }) => {
    const { body } = await send(`${vapi}/assistant`, { key: KEY, body: { name: "A" } });
    const url = `${vapi}/assistant/${member<string>(body, "id")}`;
    assert.equal((await send(url, { key: "vapi-demo-market-key" })).status, 404);
    assert.equal((await send(url, { method: "DELETE", key: KEY })).status, 200);
    const gone = await send(url, { key: KEY });
    assert.deepEqual([gone.status, member(gone.body, "error")], [404, "Not Found"]);
    assert.equal((await send(url, { method: "PATCH", key: KEY, body: {} })).status, 404);
    assert.equal((await send(url, { method: "DELETE", key: KEY })).status, 404);
    assert.equal((await send(`${vapi}/assistant/not-a-uuid`, { key: KEY })).status, 400);
  });
});

Deno.test("a bad key, a bad body and a bad path have the shapes of NestJS", async () => {
  await withSimulators(async ({ vapi }) => {
    for (const headers of [{}, { authorization: "Bearer nobody" }, { authorization: KEY }]) {
      const reply = await send(`${vapi}/assistant?limit=1`, { headers });
      assert.equal(reply.status, 401);
      assert.equal(member(reply.body, "error"), "Unauthorized");
      assert.equal(member(reply.body, "statusCode"), 401);
      assert.equal(typeof member(reply.body, "message"), "string");
    }
    const post = (body: string, type: string) =>
      fetch(`${vapi}/assistant`, {
        method: "POST",
        headers: { authorization: `Bearer ${KEY}`, "content-type": type },
        body,
      }).then(async (response) => {
        await response.body?.cancel();
        return response.status;
      });
    assert.equal(await post("{", "application/json"), 400);
    assert.equal(await post("[]", "application/json"), 400);
    assert.equal(await post("{}", "text/plain"), 400);
    const large = JSON.stringify({ firstMessage: "x".repeat(1024 * 1024) });
    assert.equal(await post(large, "application/json"), 413);
    const lost = await send(`${vapi}/assistants`, { key: KEY });
    assert.deepEqual([lost.status, member(lost.body, "message")], [404, "Cannot GET /assistants"]);
  });
});

import assert from "node:assert/strict";
import { ProviderError } from "../../errors.ts";
import type { ProviderCall } from "../../ports.ts";
import { createPolicy } from "../resilience/create_policy.ts";
import { createConnectCalls } from "./calls.ts";

type Sent = { url: string; method: string | undefined; body: unknown };
const CALL = {
  assistantId: "a1",
  phoneNumberId: "n1",
  number: "+250788123456",
  name: "cb-1",
  variables: { call_reason: "Prices" },
};

function connect(...answers: (Response | Error)[]) {
  const sent: Sent[] = [];
  const recorded: ProviderCall[] = [];
  const client = createConnectCalls({
    baseUrl: "http://127.0.0.1:1",
    policy: createPolicy({ retryBaseMilliseconds: 1 }),
  }, (url, { method, body }) => {
    sent.push({ url, method, body: typeof body === "string" ? JSON.parse(body) : null });
    const answer = answers.shift();
    if (answer === undefined) throw new Error("nobody answers");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  })({ api_key: "k" }, (call) => recorded.push(call));
  return { client, sent, recorded };
}
const json = (status: number, body: unknown) => Response.json(body, { status });

Deno.test("a call is placed as Vapi documents it, and its id read", async () => {
  const { client, sent, recorded } = connect(json(201, { id: "c1", status: "queued" }));
  assert.deepEqual(await client.placeCall(CALL), { id: "c1" });
  assert.deepEqual(sent, [{
    url: "http://127.0.0.1:1/call",
    method: "POST",
    body: {
      assistantId: "a1",
      assistantOverrides: { variableValues: { call_reason: "Prices" } },
      phoneNumberId: "n1",
      customer: { number: "+250788123456" },
      name: "cb-1",
    },
  }]);
  assert.deepEqual(recorded.map(({ operation }) => operation), ["create_call"]);
});

Deno.test("whether a person may be rung by a call that failed", async (test) => {
  const cases: [string, Response | Error, ProviderError["failure"], boolean, number][] = [
    ["refused", json(400, { message: ["no"] }), "refused", false, 1],
    ["a bad key", json(401, { message: "no" }), "unauthorized", false, 1],
    ["an error of theirs", json(500, { message: "no" }), "unavailable", true, 1],
    ["a cut connection", new TypeError("closed"), "unavailable", true, 1],
    ["an answer without an id", json(201, {}), "invalid_response", true, 1],
  ];
  for (const [name, answer, failure, ambiguous, requests] of cases) {
    await test.step(name, async () => {
      const { client, sent } = connect(answer);
      const error = await client.placeCall(CALL).then(() => null, (thrown) => thrown);
      assert.ok(error instanceof ProviderError);
      assert.equal(error.failure, failure);
      assert.equal(error.ambiguous, ambiguous);
      assert.equal(sent.length, requests, "a call is never sent again by itself");
    });
  }
});

Deno.test("calls are listed by assistant and time, with their names", async () => {
  const { client, sent } = connect(json(200, [{ id: "c1", name: "cb-1" }, { id: "c2" }]));
  const listed = await client.listCalls({
    assistantId: "a1",
    createdAtGe: "2026-11-23T07:00:00.000Z",
    limit: 5_000,
  });
  assert.deepEqual(listed, [{ id: "c1", name: "cb-1" }, { id: "c2", name: null }]);
  assert.equal(
    sent[0]?.url,
    "http://127.0.0.1:1/call?assistantId=a1&createdAtGe=2026-11-23T07%3A00%3A00.000Z&limit=1000",
  );
});

Deno.test("a call is read with all that Vapi answers, and one that is gone is null", async (test) => {
  const call = {
    type: "inboundPhoneCall",
    id: "a/b",
    artifact: { transcript: "AI: Hello.", unknown: [1, null] },
  };
  const large = { id: "a/b", transcript: "x".repeat(3 * 1024 * 1024) };
  const cases: [string, Response[], unknown, ProviderError["failure"] | null][] = [
    ["there", [json(200, call)], call, null],
    ["three megabytes", [json(200, large)], large, null],
    ["after an error of theirs", [json(500, {}), json(200, call)], call, null],
    ["gone", [json(404, { message: "no" })], null, null],
    ["a bad key", [json(401, { message: "no" })], undefined, "unauthorized"],
    ["down", [json(503, {}), json(503, {}), json(503, {})], undefined, "unavailable"],
    ["no call", [json(200, [call])], undefined, "invalid_response"],
    ["nothing", [new Response(null, { status: 200 })], undefined, "invalid_response"],
  ];
  for (const [name, answers, expected, failure] of cases) {
    await test.step(name, async () => {
      const { client, sent, recorded } = connect(...answers);
      const end = await client.readCall("a/b").then(
        (found) => ({ found, failure: null }),
        (error) => ({ found: undefined, failure: (error as ProviderError).failure }),
      );
      assert.deepEqual(end, { found: expected, failure });
      assert.deepEqual(sent[0], {
        url: "http://127.0.0.1:1/call/a%2Fb",
        method: "GET",
        body: null,
      });
      assert.equal(recorded[0]?.operation, "get_call");
    });
  }
});

Deno.test("a call that is gone already is as good as deleted, and no other failure is", async (test) => {
  const cases: [string, Response[], ProviderError["failure"] | null][] = [
    ["deleted", [json(200, { id: "a/b" })], null],
    ["gone", [json(404, { message: "no" })], null],
    ["in progress", [json(400, { message: "in progress" })], "refused"],
    ["a bad key", [json(401, { message: "no" })], "unauthorized"],
    ["after an error of theirs", [json(500, {}), json(200, { id: "a/b" })], null],
  ];
  for (const [name, answers, failure] of cases) {
    await test.step(name, async () => {
      const { client, sent, recorded } = connect(...answers);
      const error = await client.deleteCall("a/b").then(() => null, (thrown) => thrown);
      assert.equal(error instanceof ProviderError ? error.failure : error, failure);
      assert.deepEqual(sent[0], {
        url: "http://127.0.0.1:1/call/a%2Fb",
        method: "DELETE",
        body: null,
      });
      assert.equal(recorded[0]?.operation, "delete_call");
    });
  }
});

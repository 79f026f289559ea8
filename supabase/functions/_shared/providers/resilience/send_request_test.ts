import assert from "node:assert/strict";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import { ProviderError } from "../../errors.ts";
import type { ProviderCall } from "../../ports.ts";
import type { ProviderRequest } from "./attempt_request.ts";
import { createPolicy, type PolicyConfig } from "./create_policy.ts";
import { readStatusFailure } from "./read_status_failure.ts";
import { createSender } from "./send_request.ts";

const SECRET = "secret-key-0123456789";

function connect(
  baseUrl: string,
  options: { policy?: Partial<PolicyConfig>; signal?: AbortSignal } = {},
) {
  const calls: ProviderCall[] = [];
  const send = createSender({
    provider: "vapi",
    baseUrl,
    headers: { authorization: `Bearer ${SECRET}` },
    secrets: [SECRET],
    record: (call) => calls.push(call),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    readRefusal: (status, body) => ({
      failure: readStatusFailure(status),
      reason: JSON.stringify(body ?? `status ${status}`),
    }),
  }, {
    policy: createPolicy({
      retryBaseMilliseconds: 1,
      // Whoever answers is waited for on any machine.
      attemptTimeoutMilliseconds: 20_000,
      ...options.policy,
    }),
  });
  return { send, calls };
}

async function fail(promise: Promise<unknown>): Promise<ProviderError> {
  const error = await promise.then(() => null, (thrown: unknown) => thrown);
  assert.ok(error instanceof ProviderError, `a ProviderError, not ${error}`);
  return error;
}

const get: ProviderRequest = { operation: "read", method: "GET", path: "/thing" };
const patch: ProviderRequest = { ...get, method: "PATCH", body: { a: 1 } };
const post: ProviderRequest = { operation: "make", method: "POST", path: "/thing", body: { a: 1 } };
const safePost: ProviderRequest = { ...post, idempotent: true };

Deno.test("sends JSON with its credentials and counts the call", async () => {
  await using server = serveAnswers({ status: 201, body: { id: "1" } });
  const { send, calls } = connect(`${server.url}/`);
  assert.deepEqual(await send({ ...post, query: { a: "+1 &" } }), { id: "1" });
  const [request] = server.received;
  assert.equal(request?.path, "/thing?a=%2B1+%26");
  assert.equal(request?.body, `{"a":1}`);
  assert.equal(request?.headers.get("authorization"), `Bearer ${SECRET}`);
  assert.equal(request?.headers.get("content-type"), "application/json");
  assert.deepEqual(calls.map(({ duration_ms: _, ...call }) => call), [
    { provider: "vapi", operation: "make", outcome: "succeeded", status: 201 },
  ]);
});

type Case = {
  name: string;
  request: ProviderRequest;
  answer: Answer;
  attempts: number;
  failure: string;
  ambiguous: boolean;
  outcome: ProviderCall["outcome"];
};
const CASES: Case[] = [
  {
    name: "a refusal",
    request: get,
    answer: { status: 400, body: {} },
    attempts: 1,
    failure: "refused",
    ambiguous: false,
    outcome: "refused",
  },
  {
    name: "a bad key",
    request: patch,
    answer: { status: 401, body: {} },
    attempts: 1,
    failure: "unauthorized",
    ambiguous: false,
    outcome: "refused",
  },
  {
    name: "nothing there",
    request: get,
    answer: { status: 404, body: {} },
    attempts: 1,
    failure: "not_found",
    ambiguous: false,
    outcome: "refused",
  },
  {
    name: "an outage when reading",
    request: get,
    answer: { status: 503, body: {} },
    attempts: 3,
    failure: "unavailable",
    ambiguous: false,
    outcome: "failed",
  },
  {
    name: "an outage when replacing",
    request: patch,
    answer: { status: 500, body: {} },
    attempts: 3,
    failure: "unavailable",
    ambiguous: true,
    outcome: "failed",
  },
  {
    name: "an outage when making",
    request: post,
    answer: { status: 500, body: {} },
    attempts: 1,
    failure: "unavailable",
    ambiguous: true,
    outcome: "failed",
  },
  {
    name: "an outage when making what can be made twice",
    request: safePost,
    answer: { status: 500, body: {} },
    attempts: 3,
    failure: "unavailable",
    ambiguous: true,
    outcome: "failed",
  },
  {
    name: "silence when reading",
    request: get,
    answer: "hang",
    attempts: 3,
    failure: "timed_out",
    ambiguous: false,
    outcome: "timed_out",
  },
  {
    name: "silence when making",
    request: post,
    answer: "hang",
    attempts: 1,
    failure: "timed_out",
    ambiguous: true,
    outcome: "timed_out",
  },
  {
    name: "a lost connection when reading",
    request: get,
    answer: "drop",
    attempts: 3,
    failure: "unavailable",
    ambiguous: false,
    outcome: "failed",
  },
  {
    name: "a lost connection when making",
    request: post,
    answer: "drop",
    attempts: 1,
    failure: "unavailable",
    ambiguous: true,
    outcome: "failed",
  },
  {
    name: "too many requests when making",
    request: post,
    answer: { status: 429, body: {} },
    attempts: 3,
    failure: "rate_limited",
    ambiguous: false,
    outcome: "refused",
  },
  {
    name: "too many requests for long",
    request: post,
    answer: { status: 429, body: {}, headers: { "retry-after": "60" } },
    attempts: 1,
    failure: "rate_limited",
    ambiguous: false,
    outcome: "refused",
  },
  {
    name: "something else than JSON",
    request: post,
    answer: { status: 200, text: "<html>" },
    attempts: 1,
    failure: "invalid_response",
    ambiguous: true,
    outcome: "failed",
  },
  {
    name: "a redirect",
    request: get,
    answer: { status: 302, headers: { location: "http://127.0.0.1:1/" } },
    attempts: 1,
    failure: "invalid_response",
    ambiguous: false,
    outcome: "failed",
  },
];
for (const { name, request, answer, attempts, failure, ambiguous, outcome } of CASES) {
  Deno.test(`${name}: ${attempts} attempts, ${failure}${ambiguous ? ", ambiguous" : ""}`, async () => {
    await using server = serveAnswers(answer);
    const policy = answer === "hang" ? { attemptTimeoutMilliseconds: 1_000 } : {};
    const { send, calls } = connect(server.url, { policy });
    const error = await fail(send(request));
    assert.equal(error.failure, failure);
    assert.equal(error.ambiguous, ambiguous);
    assert.equal(server.received.length, attempts);
    assert.deepEqual(calls.map((call) => call.outcome), Array(attempts).fill(outcome));
  });
}

Deno.test("honours Retry-After before it repeats, also of a POST that was refused for its rate", async () => {
  await using server = serveAnswers(
    { status: 429, body: {}, headers: { "retry-after": "0.05" } },
    { status: 201, body: { id: "1" } },
  );
  const began = performance.now();
  assert.deepEqual(await connect(server.url).send(post), { id: "1" });
  assert.ok(performance.now() - began >= 49);
});

Deno.test("says how long a provider that asks for too long wants to be left alone", async () => {
  await using server = serveAnswers({ status: 429, body: {}, headers: { "retry-after": "61" } });
  assert.equal((await fail(connect(server.url).send(get))).retryAfterSeconds, 61);
});

Deno.test("nobody listening is no answer", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${free.addr.port}`;
  free.close();
  const error = await fail(connect(url).send(get));
  assert.equal(error.failure, "unavailable");
  assert.ok(!error.message.includes(url));
});

Deno.test("five failures in a row give the provider a rest, which is counted", async () => {
  await using server = serveAnswers({ status: 500, body: {} });
  const { send, calls } = connect(server.url, { policy: { attempts: 1 } });
  for (let count = 0; count < 5; count++) await fail(send(get));
  const error = await fail(send(post));
  assert.equal(error.failure, "unavailable");
  assert.equal(error.ambiguous, false);
  assert.equal(error.retryAfterSeconds, 30);
  assert.equal(server.received.length, 5);
  assert.equal(calls.at(-1)?.outcome, "rejected_by_breaker");
});

Deno.test("refusals and rate limits give nobody a rest", async () => {
  await using server = serveAnswers({ status: 429, body: {} });
  await using refusing = serveAnswers({ status: 404, body: {} });
  const limited = connect(server.url, { policy: { attempts: 1 } });
  const refused = connect(refusing.url, { policy: { attempts: 1 } });
  for (let count = 0; count < 8; count++) {
    assert.equal((await fail(limited.send(get))).failure, "rate_limited");
    assert.equal((await fail(refused.send(get))).failure, "not_found");
  }
});

Deno.test("errors do not tell the credentials, in whatever form the provider repeats them", async () => {
  const basic = btoa(SECRET);
  await using server = serveAnswers({
    status: 400,
    body: { message: `bad key ${SECRET}, or ${basic}`, rest: "x".repeat(2_000) },
  });
  const error = await fail(connect(server.url).send(get));
  assert.match(error.reason, /bad key \[redacted\], or \[redacted\]/);
  assert.ok(error.reason.length <= 501);
  assert.ok(!`${error.stack}${Deno.inspect(error.cause)}`.includes(SECRET));
});

Deno.test("an answer that is too long is not read to its end", async () => {
  await using server = serveAnswers({ status: 200, body: "x".repeat(5_000) });
  const error = await fail(connect(server.url).send({ ...get, answerLimitBytes: 1_000 }));
  assert.equal(error.failure, "invalid_response");
  assert.equal(server.received.length, 1);
});

Deno.test("work whose time is over ends at once, also between two attempts", async () => {
  await using server = serveAnswers({ status: 500, body: {} });
  const deadline = new AbortController();
  const { send, calls } = connect(server.url, {
    signal: deadline.signal,
    policy: { retryBaseMilliseconds: 60_000 },
  });
  const work = send(get);
  while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  deadline.abort();
  assert.equal((await fail(work)).failure, "unavailable");
  assert.equal((await fail(send(get))).failure, "timed_out");
  assert.equal(server.received.length, 1);
});

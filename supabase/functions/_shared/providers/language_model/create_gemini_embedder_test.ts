import assert from "node:assert/strict";
import { send, withSimulators } from "../../../../../scripts/local/simulators/with_simulators.ts";
import { type Answer, serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import type { AppError, ProviderError } from "../../errors.ts";
import { createPolicy } from "../resilience/create_policy.ts";
import { createEmbedder } from "./create_embedder.ts";
import { createGeminiEmbedder } from "./create_gemini_embedder.ts";

const KEY = "gemini-demo-key";
const embedderFor = (baseUrl: string, options: { attempts?: number; apiKey?: string } = {}) =>
  createGeminiEmbedder({
    baseUrl,
    apiKey: options.apiKey ?? KEY,
    model: "gemini-embedding-001",
    policy: createPolicy({ attempts: options.attempts ?? 1, retryBaseMilliseconds: 1 }),
  });
const length = (vector: number[]) => Math.hypot(...vector);
const vectors = (count: number, dimensions = 768) => ({
  embeddings: new Array(count).fill({ values: new Array(dimensions).fill(0.5) }),
});

Deno.test("against the simulator each text gets its vector of length 1, in order", async () => {
  await withSimulators(async ({ gemini }) => {
    const embedder = embedderFor(gemini);
    const [price, cow] = await embedder.embed(["prices", "cows"], { purpose: "document" });
    const [query] = await embedder.embed(["le prix ?"], { purpose: "query" });
    assert.ok(price && cow && query);
    for (const vector of [price, cow, query]) {
      assert.equal(vector.length, 768);
      assert.ok(Math.abs(length(vector) - 1) < 1e-9);
    }
    const product = (a: number[], b: number[]) => a.reduce((sum, x, at) => sum + x * b[at]!, 0);
    assert.ok(product(query, price) > product(query, cow) + 0.3);
    const { body } = await send(`${gemini}/__simulator/requests?key=${KEY}`);
    const tasks = (body as { body: { requests: { taskType: string }[] } }[])
      .map((entry) => entry.body.requests.map(({ taskType }) => taskType));
    assert.deepEqual(tasks, [["RETRIEVAL_DOCUMENT", "RETRIEVAL_DOCUMENT"], ["RETRIEVAL_QUERY"]]);
  });
});

Deno.test("one batch is one request, with the key in its header alone", async () => {
  await using server = serveAnswers({ status: 200, body: vectors(3) });
  await embedderFor(server.url).embed(["a", "b", "c"], { purpose: "document" });
  assert.equal(server.received.length, 1);
  const { path, headers } = server.received[0]!;
  assert.equal(path, "/v1beta/models/gemini-embedding-001:batchEmbedContents");
  assert.equal(headers.get("x-goog-api-key"), KEY);
  assert.deepEqual(await embedderFor(server.url).embed([], { purpose: "query" }), []);
  assert.equal(server.received.length, 1);
});

const quota = (quotaId: string, retryDelay: string) => ({
  error: {
    code: 429,
    message: "You exceeded your current quota",
    status: "RESOURCE_EXHAUSTED",
    details: [
      { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaId }] },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay },
    ],
  },
});
const badKey = {
  error: {
    code: 400,
    message: `API key not valid: ${KEY}`,
    status: "INVALID_ARGUMENT",
    details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }],
  },
};
const FAILURES: [what: string, answer: Answer, failure: string, reason: RegExp, wait?: number][] = [
  ["a bad key", { status: 400, body: badKey }, "unauthorized", /^API key not valid: \[redacted\]/],
  [
    "a bad argument",
    { status: 400, body: { error: { message: "No", status: "INVALID_ARGUMENT" } } },
    "refused",
    /^No \(INVALID_ARGUMENT\)$/,
  ],
  ["no permission", { status: 403, body: { error: { message: "No" } } }, "unauthorized", /^No$/],
  [
    "a quota of the minute",
    { status: 429, body: quota("PerMinutePerProject", "17s") },
    "rate_limited",
    /quota/,
    17,
  ],
  [
    "a quota of the day",
    { status: 429, body: quota("RequestsPerDayPerProject", "2s") },
    "rate_limited",
    /quota/,
    3_600,
  ],
  ["an outage", { status: 503, body: undefined }, "unavailable", /status 503/],
  ["an answer of another shape", { status: 200, body: { a: 1 } }, "invalid_response", /embeddings/],
  ["fewer vectors", { status: 200, body: vectors(1) }, "invalid_response", /2 texts with 1/],
  ["other dimensions", { status: 200, body: vectors(2, 3) }, "invalid_response", /3 dimensions/],
  [
    "a vector of zeros",
    { status: 200, body: { embeddings: new Array(2).fill({ values: new Array(768).fill(0) }) } },
    "invalid_response",
    /no direction/,
  ],
];
for (const [what, answer, failure, reason, wait] of FAILURES) {
  Deno.test(`${what} is the failure ${failure}`, async () => {
    await using server = serveAnswers(answer);
    await assert.rejects(
      embedderFor(server.url).embed(["a", "b"], { purpose: "document" }),
      (error: ProviderError) => {
        assert.deepEqual([error.provider, error.failure], ["gemini", failure]);
        assert.match(error.reason, reason);
        assert.equal(error.retryAfterSeconds, wait);
        return true;
      },
    );
  });
}

Deno.test("it waits as long as Gemini asks and tries again, but not for another day", async () => {
  await withSimulators(async ({ gemini }) => {
    const fault = (body: unknown, times: number) =>
      send(`${gemini}/__simulator/faults`, {
        body: { path: "/v1beta/**", mode: "status", status: 429, body, times },
      });
    const embedder = embedderFor(gemini, { attempts: 3 });
    await fault(quota("PerMinute", "0.01s"), 2);
    assert.equal((await embedder.embed(["a"], { purpose: "query" })).length, 1);
    await send(`${gemini}/__simulator/faults`, { method: "DELETE" });
    await fault(quota("PerDay", "0.01s"), 2);
    await assert.rejects(embedder.embed(["a"], { purpose: "query" }), /quota/);
    const faults = (await send(`${gemini}/__simulator/faults`)).body as { hits: number }[];
    assert.deepEqual(faults.map(({ hits }) => hits), [1], "one request alone");
  });
});

Deno.test("the environment chooses the embedder, and what it needs must be there", () => {
  const base = {
    baseUrl: "http://127.0.0.1:1",
    model: "gemini-embedding-001",
    policy: createPolicy(),
    apiKey: undefined,
    openSession: null,
  };
  const session = { run: () => Promise.resolve([1]) };
  assert.equal(createEmbedder({ ...base, provider: "none" }), null);
  const gemini = createEmbedder({ ...base, provider: "gemini", apiKey: "k" });
  assert.equal(gemini?.model, "gemini-embedding-001");
  const builtIn = createEmbedder({ ...base, provider: "built_in", openSession: () => session });
  assert.equal(builtIn?.model, "gte-small");
  for (const provider of ["gemini", "built_in"] as const) {
    assert.throws(
      () => createEmbedder({ ...base, provider }),
      (error: AppError) => error.code === "misconfigured",
    );
  }
});

import assert from "node:assert/strict";
import { member, send, withSimulators } from "../with_simulators.ts";
import { embedText } from "./embed_text.ts";

const KEY = { "x-goog-api-key": "gemini-demo-key" };
const MODEL = "/v1beta/models/gemini-embedding-001";
const one = (text: string) => ({
  model: "models/gemini-embedding-001",
  content: { parts: [{ text }] },
  taskType: "RETRIEVAL_DOCUMENT",
  outputDimensionality: 768,
});
const likeness = (a: string, b: string) => {
  const other = embedText(b, 768);
  return embedText(a, 768).reduce((sum, value, at) => sum + value * other[at]!, 0) / 0.49;
};

Deno.test("texts get vectors of the dimensions that are asked for, the same each time", async () => {
  await withSimulators(async ({ gemini }) => {
    const batch = await send(`${gemini}${MODEL}:batchEmbedContents`, {
      headers: KEY,
      body: { requests: [one("a price"), one("a cow")] },
    });
    const vectors = member<{ values: number[] }[]>(batch.body, "embeddings");
    assert.deepEqual(vectors.map(({ values }) => values.length), [768, 768]);
    assert.notDeepEqual(vectors[0], vectors[1]);
    const { outputDimensionality: _, ...rest } = one("a price");
    const single = await send(`${gemini}${MODEL}:embedContent`, { headers: KEY, body: rest });
    const { values } = member<{ values: number[] }>(single.body, "embedding");
    assert.equal(values.length, 3072);
    const again = await send(`${gemini}${MODEL}:embedContent`, {
      headers: KEY,
      body: one("a price"),
    });
    assert.deepEqual(member(again.body, "embedding"), vectors[0]);
  });
});

const REFUSED: [
  what: string,
  request: { path?: string; headers?: Record<string, string>; body?: unknown },
  status: number,
  message: RegExp,
][] = [
  ["a bad key", { headers: { "x-goog-api-key": "wrong" } }, 400, /API key not valid/],
  ["no key", { headers: {} }, 403, /unregistered callers/],
  ["an unknown model", { path: "/v1beta/models/gemini-1:batchEmbedContents" }, 404, /not found/],
  ["an unknown method", { path: `${MODEL}:generate` }, 404, /not found/],
  [
    "an unknown field",
    { body: { requests: [{ ...one("a"), dims: 7 }] } },
    400,
    /Unknown name "dims" at 'requests\[0\]': Cannot find field/,
  ],
  [
    "a task that there is not",
    { body: { requests: [{ ...one("a"), taskType: "X" }] } },
    400,
    /taskType/,
  ],
  ["an empty text", { body: { requests: [one("")] } }, 400, /contents is not specified/],
  ["no requests", { body: { requests: [] } }, 400, /requests/],
  [
    "more than 100",
    { body: { requests: new Array(101).fill(one("a")) } },
    400,
    /at most 100 requests/,
  ],
  [
    "another model inside",
    { body: { requests: [{ ...one("a"), model: "models/other" }] } },
    400,
    /must be "models\/gemini-embedding-001"/,
  ],
];
for (const [what, request, status, message] of REFUSED) {
  Deno.test(`${what} is refused with ${status}`, async () => {
    await withSimulators(async ({ gemini }) => {
      const { path = `${MODEL}:batchEmbedContents`, headers = KEY } = request;
      const body = request.body ?? { requests: [one("a")] };
      const reply = await send(`${gemini}${path}`, { headers, body });
      assert.equal(reply.status, status);
      const error = member(reply.body, "error");
      assert.equal(member(error, "code"), status);
      assert.match(member(error, "message"), message);
    });
  });
}

Deno.test("a fault of 429 says how long to wait, and requests are in the ledger by key", async () => {
  await withSimulators(async ({ gemini }) => {
    await send(`${gemini}/__simulator/faults`, {
      body: { path: "/v1beta/**", mode: "status", status: 429, times: 1 },
    });
    const request = { headers: KEY, body: one("a") };
    const refused = await send(`${gemini}${MODEL}:embedContent`, request);
    assert.equal(refused.status, 429);
    assert.match(JSON.stringify(refused.body), /"retryDelay":"1s"/);
    assert.equal((await send(`${gemini}${MODEL}:embedContent`, request)).status, 200);
    const ledger = await send(`${gemini}/__simulator/requests?key=gemini-demo-key`);
    assert.equal((ledger.body as unknown[]).length, 2);
    assert.equal(JSON.stringify(ledger.body).includes("gemini-demo-key"), false);
    const revoked = await send(`${gemini}/__simulator/accounts`, {
      method: "DELETE",
      body: { key: "gemini-demo-key" },
    });
    assert.equal(revoked.status, 200);
    assert.equal((await send(`${gemini}${MODEL}:embedContent`, request)).status, 400);
  });
});

Deno.test("texts of one meaning are alike, in two languages, and others are not", () => {
  const CASES: [text: string, near: string, far: string][] = [
    ["How much is a consultation?", "Le tarif des consultations", "La récolte du café"],
    ["opening hours", "Nous sommes ouverts de 8 h à 17 h", "Solar lamps have a warranty"],
    ["vaccinations for children", "Vacciner un enfant", "Loans for members"],
    ["rembourser un achat", "Returns and refunds", "Blood tests and results"],
    ["deliveries", "delivery", "meeting"],
  ];
  for (const [text, near, far] of CASES) {
    assert.ok(likeness(text, near) > likeness(text, far) + 0.1, `${text}: ${near}, not ${far}`);
  }
  assert.ok(Math.abs(likeness("the same text", "the same text") - 1) < 1e-6);
});

import assert from "node:assert/strict";
import { AppError } from "../errors.ts";
import { createLogger } from "../log.ts";
import type { RequestStore } from "../ports.ts";
import type { Authorization } from "./authorize.ts";
import { createApp } from "./create_app.ts";
import { respondIdempotently } from "./respond_idempotently.ts";

const base: Authorization = {
  orgId: "11111111-1111-4111-8111-111111111111",
  userId: "aaaaaaaa-0000-4000-8000-000000000001",
  role: "admin",
  operation: "workspace_save",
  idempotency: { key: "k", requestHash: "h" },
  replay: null,
  body: null,
};

type Completion = Parameters<RequestStore["completeRequest"]>[0];

async function run(
  respond: () => Promise<Response>,
  { authorization = base, fail = false }: { authorization?: Authorization; fail?: boolean } = {},
) {
  const completions: Completion[] = [];
  const messages: unknown[] = [];
  const app = createApp({
    name: "demo",
    logger: createLogger({
      functionName: "demo",
      write: (line) => messages.push(JSON.parse(line).message),
    }),
    dashboardOrigins: ["*"],
    version: "0",
  });
  app.post("/", (context) =>
    respondIdempotently(context, {
      authorization,
      respond,
      requests: {
        completeRequest: (input) => {
          completions.push(input);
          return fail ? Promise.reject(new Error("no database")) : Promise.resolve();
        },
      },
    }));
  const response = await app.request("/demo", {
    method: "POST",
    headers: { "x-request-id": "r-1" },
  });
  return { response, completions, messages };
}

const answer = (status: number, body: unknown = { success: true }) => () =>
  Promise.resolve(Response.json(body, { status }));
const refusal = (error: unknown) => () => Promise.reject(error);

Deno.test("an answer that stays true is kept, another frees the key", async (test) => {
  const cases: [string, () => Promise<Response>, number, number | null][] = [
    ["200", answer(200), 200, 200],
    ["201", answer(201), 201, 201],
    ["422 returned", answer(422), 422, null],
    ["502 returned", answer(502), 502, null],
    ["409 returned", answer(409), 409, null],
    ["400 thrown", refusal(new AppError("invalid_input", "Cannot x")), 400, 400],
    ["422 thrown", refusal(new AppError("check_failed", "Cannot x")), 422, null],
    ["409 thrown", refusal(new AppError("conflict", "Cannot x")), 409, null],
    ["429 thrown", refusal(new AppError("rate_limited", "Cannot x")), 429, null],
    ["503 thrown", refusal(new AppError("unavailable", "Cannot x")), 503, null],
    ["a bug", refusal(new TypeError("x")), 500, null],
    ["a body that is no object", answer(200, [1]), 200, null],
  ];
  for (const [name, respond, status, stored] of cases) {
    await test.step(name, async () => {
      const { response, completions } = await run(respond);
      assert.equal(response.status, status);
      const body = await response.json();
      assert.deepEqual(completions, [{
        org_id: base.orgId,
        operation: "workspace_save",
        idempotency_key: "k",
        request_hash: "h",
        response_status: stored,
        response_body: stored === null ? null : body,
      }]);
    });
  }
});

Deno.test("a thrown refusal is answered and kept as the same problem", async () => {
  const { response, completions } = await run(refusal(new AppError("invalid_input", "Cannot x")));
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const body = await response.json();
  assert.equal(body.requestId, "r-1");
  assert.deepEqual(completions[0]!.response_body, body);
});

Deno.test("without a key nothing is kept", async () => {
  const { response, completions } = await run(answer(200), {
    authorization: { ...base, idempotency: null },
  });
  assert.equal(response.status, 200);
  assert.deepEqual(completions, []);
});

Deno.test("a replay is answered without doing the work again", async () => {
  let done = false;
  const { response, completions } = await run(
    () => {
      done = true;
      return answer(200)();
    },
    { authorization: { ...base, replay: Response.json({ old: true }) } },
  );
  assert.deepEqual(await response.json(), { old: true });
  assert.equal(done, false);
  assert.deepEqual(completions, []);
});

Deno.test("work that was done is answered although it can't be kept", async () => {
  const { response, messages } = await run(answer(200), { fail: true });
  assert.equal(response.status, 200);
  assert.ok(messages.includes("Idempotent answer not stored"));
});

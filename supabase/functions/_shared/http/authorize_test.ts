import assert from "node:assert/strict";
import { AppError } from "../errors.ts";
import { createLogger } from "../log.ts";
import type { AuthorizeInput, AuthorizeResult } from "../ports.ts";
import { authorize, type AuthorizeOptions } from "./authorize.ts";
import { createApp } from "./create_app.ts";

const USER = "aaaaaaaa-0000-4000-8000-000000000001";
const ORG = "11111111-1111-4111-8111-111111111111";
const granted: AuthorizeResult = { code: "authorized", org_id: ORG, role: "admin" };

function build(
  { result = granted, options = {}, signedIn = true }: {
    result?: AuthorizeResult;
    options?: Partial<AuthorizeOptions>;
    signedIn?: boolean;
  } = {},
) {
  const asked: AuthorizeInput[] = [];
  const lines: Record<string, unknown>[] = [];
  const app = createApp({
    name: "demo",
    logger: createLogger({ functionName: "demo", write: (line) => lines.push(JSON.parse(line)) }),
    dashboardOrigins: ["*"],
    version: "0",
  });
  app.all("/save", async (context) => {
    const authorization = await authorize(context, {
      verifyUser: () =>
        signedIn
          ? Promise.resolve({ user_id: USER })
          : Promise.reject(new AppError("unauthenticated", "Cannot accept the token: x")),
      requests: {
        authorizeRequest: (input) => {
          asked.push(input);
          return Promise.resolve(result);
        },
      },
    }, { operation: "workspace_save", minimumRole: "admin", ...options });
    return authorization.replay ?? context.json(authorization);
  });
  const send = (headers: HeadersInit = {}, method = "POST") =>
    app.request("/demo/save", { method, headers: { "x-request-id": "r-1", ...headers } });
  return { send, asked, lines };
}

Deno.test("the store is asked once, with what was verified", async () => {
  const { send, asked } = build({
    options: { rateLimit: { capacity: 10, refillPerSecond: 0.5 }, body: { a: 1 } },
  });
  const response = await send({ "x-org-id": ORG.toUpperCase(), "idempotency-key": "key 1" });
  const answer = await response.json();
  assert.equal(asked.length, 1);
  const { idempotency, ...input } = asked[0]!;
  assert.deepEqual(input, {
    user_id: USER,
    org_id: ORG,
    operation: "workspace_save",
    minimum_role: "admin",
    request_id: "r-1",
    tier: null,
    rate_limit: { capacity: 10, refill_per_second: 0.5 },
  });
  assert.equal(idempotency?.key, "key 1");
  assert.equal(idempotency?.ttl_seconds, 86_400);
  assert.match(idempotency?.request_hash ?? "", /^[0-9a-f]{64}$/);
  assert.deepEqual(answer, {
    orgId: ORG,
    userId: USER,
    role: "admin",
    operation: "workspace_save",
    idempotency: { key: "key 1", requestHash: idempotency!.request_hash },
    replay: null,
    body: { a: 1 },
  });
});

Deno.test("what is not asked for is null", async () => {
  const { send, asked } = build();
  await send();
  assert.deepEqual(
    [asked[0]!.org_id, asked[0]!.rate_limit, asked[0]!.idempotency],
    [null, null, null],
  );
});

Deno.test("a read has no idempotency key", async () => {
  const { send, asked } = build();
  await send({ "idempotency-key": "k" }, "GET");
  assert.equal(asked[0]!.idempotency, null);
});

Deno.test("each answer of the store has its problem", async (test) => {
  const cases: [AuthorizeResult, number, string, string | null][] = [
    [
      { code: "organization_required", organizations: [{ org_id: ORG, name: "A", role: "owner" }] },
      400,
      "organization_required",
      null,
    ],
    [{ code: "forbidden", reason: "not_member" }, 403, "forbidden", null],
    [{ code: "forbidden", reason: "role_too_low" }, 403, "forbidden", null],
    [{ code: "tier_off" }, 503, "disabled", null],
    [{ code: "rate_limited", retry_after_seconds: 7 }, 429, "rate_limited", "7"],
    [{ code: "in_progress", retry_after_seconds: 2 }, 409, "conflict", "2"],
    [{ code: "idempotency_key_reused" }, 422, "idempotency_key_reused", null],
  ];
  for (const [result, status, code, retryAfter] of cases) {
    await test.step(`${result.code} ${"reason" in result ? result.reason : ""}`, async () => {
      const response = await build({ result }).send();
      assert.equal(response.status, status);
      assert.equal(response.headers.get("retry-after"), retryAfter);
      const body = await response.json();
      assert.equal(body.code, code);
      assert.match(body.detail, /^Cannot /);
      if (result.code === "organization_required") {
        assert.deepEqual(body.organizations, [{ orgId: ORG, name: "A", role: "owner" }]);
      }
    });
  }
});

Deno.test("an answer given before is given again, and says so", async (test) => {
  for (const [status, type] of [[200, "application/json"], [422, "application/problem+json"]]) {
    await test.step(String(status), async () => {
      const { send } = build({
        result: {
          code: "replayed",
          org_id: ORG,
          role: "admin",
          response_status: Number(status),
          response_body: { requestId: "r-0" },
        },
      });
      const response = await send({ "idempotency-key": "k" });
      assert.equal(response.status, status);
      assert.equal(response.headers.get("content-type"), type);
      assert.equal(response.headers.get("idempotency-replayed"), "true");
      assert.equal(response.headers.get("x-request-id"), "r-1");
      assert.deepEqual(await response.json(), { requestId: "r-0" });
    });
  }
});

Deno.test("a malformed header never reaches the store", async (test) => {
  const cases: [Record<string, string>, string][] = [
    [{ "x-org-id": "1" }, "x-org-id"],
    [{ "x-org-id": `${ORG}'` }, "x-org-id"],
    [{ "idempotency-key": "" }, "idempotency-key"],
    [{ "idempotency-key": "é" }, "idempotency-key"],
    [{ "idempotency-key": "x".repeat(256) }, "idempotency-key"],
  ];
  for (const [headers, field] of cases) {
    await test.step(JSON.stringify(headers).slice(0, 40), async () => {
      const { send, asked } = build();
      const response = await send(headers);
      assert.equal(response.status, 400);
      assert.equal((await response.json()).errors[0].field, field);
      assert.equal(asked.length, 0);
    });
  }
});

Deno.test("who isn't signed in reaches neither the store nor the body", async () => {
  let read = false;
  const { send, asked } = build({
    signedIn: false,
    options: {
      body: () => {
        read = true;
        return Promise.resolve({});
      },
    },
  });
  assert.equal((await send()).status, 401);
  assert.equal(asked.length, 0);
  assert.equal(read, false);
});

Deno.test("a body that is read late is part of the hash and of the result", async () => {
  const hashes = [];
  for (const value of [1, 1, 2]) {
    const { send, asked } = build({ options: { body: () => Promise.resolve({ value }) } });
    const response = await send({ "idempotency-key": "k" });
    assert.deepEqual((await response.json()).body, { value });
    hashes.push(asked[0]!.idempotency?.request_hash);
  }
  assert.equal(hashes[0], hashes[1]);
  assert.notEqual(hashes[1], hashes[2]);
});

Deno.test("from then on the request's log lines carry the organization", async () => {
  const { send, lines } = build();
  await send();
  assert.equal(lines.at(-1)!.message, "Request answered");
  assert.equal(lines.at(-1)!.org_id, ORG);
});

import assert from "node:assert/strict";
import { AppError, ERROR_STATUS, type ErrorCode, ProviderError } from "../errors.ts";
import { createProblemResponse, toAppError } from "./problem.ts";

Deno.test("every code becomes a problem document with its status", async (test) => {
  for (const [code, status] of Object.entries(ERROR_STATUS)) {
    await test.step(code, async () => {
      const error = new AppError(code as ErrorCode, `Cannot do "x": y`);
      const response = createProblemResponse(error, { requestId: "r-1" });
      assert.equal(response.status, status);
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      const { title, ...body } = await response.json();
      assert.ok(title.length > 0);
      assert.deepEqual(body, {
        type: `urn:switchboard:problem:${code}`,
        status,
        detail: `Cannot do "x": y`,
        code,
        requestId: "r-1",
      });
    });
  }
});

Deno.test("a problem carries its fields, its extensions and when to come back", async () => {
  const error = new AppError("rate_limited", "Cannot save: too many requests", {
    errors: [{ field: "x", detail: "y" }],
    retryAfterSeconds: 1.2,
    extensions: {
      steps: { vapiValidated: false },
      status: 200,
      code: "forged",
      requestId: "forged",
    },
  });
  const response = createProblemResponse(error, { requestId: "r-1" });
  assert.equal(response.headers.get("retry-after"), "2");
  const body = await response.json();
  assert.deepEqual(body.errors, [{ field: "x", detail: "y" }]);
  assert.deepEqual(body.steps, { vapiValidated: false });
  assert.deepEqual([body.status, body.code, body.requestId], [429, "rate_limited", "r-1"]);
});

Deno.test("retry-after is never zero", () => {
  const error = new AppError("conflict", "Cannot", { retryAfterSeconds: 0 });
  assert.equal(createProblemResponse(error, { requestId: "r" }).headers.get("retry-after"), "1");
});

Deno.test("what was thrown becomes what may be shown", async (test) => {
  const cases: [string, unknown, ErrorCode, RegExp][] = [
    ["an AppError", new AppError("conflict", "Cannot x"), "conflict", /^Cannot x$/],
    [
      "a provider's refusal",
      new ProviderError("vapi", "unauthorized", "Invalid Key", { status: 401 }),
      "provider_failed",
      /Cannot reach "vapi": Invalid Key/,
    ],
    [
      "a bad payload",
      new ProviderError("vapi", "invalid_response", "no id"),
      "provider_failed",
      /no id/,
    ],
    ["a provider's silence", new ProviderError("twilio", "timed_out", "5 s"), "timed_out", /5 s/],
    [
      "a provider's limit",
      new ProviderError("whatsapp", "rate_limited", "busy"),
      "unavailable",
      /busy/,
    ],
    ["a bug", new TypeError("secret detail"), "internal", /^Cannot answer the request/],
    ["a text", "secret detail", "internal", /^Cannot answer the request/],
  ];
  for (const [name, thrown, code, message] of cases) {
    await test.step(name, () => {
      const error = toAppError(thrown);
      assert.equal(error.code, code);
      assert.match(error.message, message);
    });
  }
  await test.step("a provider's Retry-After is passed on", () => {
    const error = new ProviderError("vapi", "rate_limited", "busy", { retryAfterSeconds: 7 });
    assert.equal(toAppError(error).retryAfterSeconds, 7);
  });
});

import assert from "node:assert/strict";
import { stripFunctionName } from "./strip_function_name.ts";

Deno.test("the path inside a function starts behind its name", async (test) => {
  const names = ["unified-webhook", "wa-webhook-unified"];
  const cases: [string, string][] = [
    ["/unified-webhook", "/"],
    ["/unified-webhook/", "/"],
    ["/unified-webhook/health", "/health"],
    ["/unified-webhook/health/", "/health"],
    ["/unified-webhook/a/b", "/a/b"],
    ["/wa-webhook-unified/whatsapp", "/whatsapp"],
    ["/unified-webhook/unified-webhook", "/unified-webhook"],
    ["/unified-webhooks/health", "/./unified-webhooks/health"],
    ["/health", "/./health"],
    ["/", "/./"],
  ];
  for (const [pathname, expected] of cases) {
    await test.step(pathname, () => assert.equal(stripFunctionName(pathname, names), expected));
  }
});

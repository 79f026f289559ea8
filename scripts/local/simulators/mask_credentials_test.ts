import assert from "node:assert/strict";
import { maskCredentials } from "./mask_credentials.ts";

Deno.test("strings under a telling name and every header are masked, types are kept", () => {
  const masked = maskCredentials({
    twilioAuthToken: "0123456789abcdef",
    apiKey: "short",
    server: { url: "https://here", headers: { "X-Anything": "a-long-secret-value" } },
    model: { maxTokens: 250, messages: [{ role: "system", content: "the password is asked" }] },
    nested: [{ access_token: "EAAaccesstoken1234" }],
  });
  assert.deepEqual(masked, {
    twilioAuthToken: "***cdef",
    apiKey: "***",
    server: { url: "https://here", headers: { "X-Anything": "***alue" } },
    model: { maxTokens: 250, messages: [{ role: "system", content: "the password is asked" }] },
    nested: [{ access_token: "***1234" }],
  });
});

import assert from "node:assert/strict";
import { AppError } from "../../errors.ts";
import { createAllowList } from "./allow_hosts.ts";

const requireAllowed = createAllowList([
  "storage.vapi.ai",
  "*.r2.cloudflarestorage.com",
  "http://127.0.0.1:9000",
  "http://localhost:*",
]);

Deno.test("what may be fetched", async (test) => {
  const cases = [
    "https://storage.vapi.ai/a.wav?sig=x",
    "https://STORAGE.vapi.ai/a.wav",
    "https://storage.vapi.ai:443/a.wav",
    "https://account.r2.cloudflarestorage.com/a.wav",
    "http://127.0.0.1:9000/a.wav",
    "http://localhost:1234/a.wav",
  ];
  for (const url of cases) {
    await test.step(url, () => assert.equal(requireAllowed(url).href, new URL(url).href));
  }
});

Deno.test("what may not", async (test) => {
  const cases = [
    "not an address",
    "ftp://storage.vapi.ai/a.wav",
    "file:///etc/passwd",
    "http://storage.vapi.ai/a.wav",
    "https://storage.vapi.ai:8443/a.wav",
    "https://evil.test/a.wav",
    "https://storage.vapi.ai.evil.test/a.wav",
    "https://evil.test/https://storage.vapi.ai/a.wav",
    "https://evilstorage.vapi.ai/a.wav",
    "https://r2.cloudflarestorage.com/a.wav",
    "https://user:pass@storage.vapi.ai/a.wav",
    "https://storage.vapi.ai@evil.test/a.wav",
    "https://169.254.169.254/latest",
    "https://[::1]/a.wav",
    "http://127.0.0.1:9001/a.wav",
    "https://127.0.0.1:9000/a.wav",
  ];
  for (const url of cases) {
    await test.step(url, () => {
      assert.throws(
        () => requireAllowed(url),
        (error) => error instanceof AppError && error.code === "forbidden",
      );
    });
  }
});

Deno.test("a refusal doesn't repeat the address, which may be a credential", () => {
  assert.throws(
    () => requireAllowed("https://evil.test/a?X-Amz-Signature=secret"),
    (error) => error instanceof AppError && !error.message.includes("secret"),
  );
});

import assert from "node:assert/strict";
import { createKeys } from "./create_keys.ts";
import { functionEnvironment } from "./function_environment.ts";

async function build(overrides: Record<string, string>) {
  const folder = await Deno.makeTempDir();
  try {
    return functionEnvironment({
      url: "http://127.0.0.1:1",
      keys: await createKeys(folder),
      secretKey: "sb_secret_x",
      publishableKey: "sb_publishable_x",
      ownsSigningKey: true,
      simulators: { vapi: "http://v", twilio: "http://t", graph: "http://g", gemini: "http://m" },
      overrides,
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a variable of .env replaces a simulator by the real provider", async () => {
  const env = await build({ VAPI_API_URL: "https://api.vapi.ai" });
  assert.equal(env["VAPI_API_URL"], "https://api.vapi.ai");
  assert.equal(env["TWILIO_API_URL"], "http://t");
});

Deno.test("an empty variable of .env counts as absent", async () => {
  const env = await build({ VAPI_API_URL: "", GEMINI_API_KEY: "" });
  assert.equal(env["VAPI_API_URL"], "http://v");
  assert.equal(env["GEMINI_API_URL"], "http://m");
  assert.equal(env["GEMINI_API_KEY"], "gemini-demo-key");
});

Deno.test("the key of Gemini's simulator and a real one never meet the other's address", async () => {
  const real = await build({ GEMINI_API_KEY: "real" });
  assert.equal(real["GEMINI_API_KEY"], "real");
  assert.equal("GEMINI_API_URL" in real, false);
  const elsewhere = await build({ GEMINI_API_URL: "https://gemini.test" });
  assert.equal(elsewhere["GEMINI_API_URL"], "https://gemini.test");
  assert.equal("GEMINI_API_KEY" in elsewhere, false);
});

Deno.test("what the platform sets can't be set in .env, and nothing unknown gets through", async () => {
  const env = await build({ SUPABASE_URL: "https://evil.test", HOME: "/root", PATH: "/x" });
  assert.equal(env["SUPABASE_URL"], "http://127.0.0.1:1");
  assert.equal("HOME" in env || "PATH" in env, false);
});

Deno.test("the verification keys hold no private part", async () => {
  const env = await build({});
  const { keys } = JSON.parse(env["SUPABASE_JWKS"] ?? "") as { keys: Record<string, string>[] };
  assert.deepEqual(keys.map((key) => [key["alg"], "d" in key]), [["ES256", false]]);
});

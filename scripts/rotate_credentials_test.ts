import assert from "node:assert/strict";
import { createCredentialCipher } from "../supabase/functions/_shared/providers/supabase/credential_cipher.ts";
import { serveAnswers } from "../tests/http/serve_answers.ts";
import { rotate } from "./rotate_credentials.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const key = (fill: number) => new Uint8Array(32).fill(fill);
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

async function run(args: string[], sealedBy: number) {
  const { ciphertext, key_id } = await createCredentialCipher([{ id: "k1", key: key(sealedBy) }])
    .seal(ORG, "vapi", { api_key: "vapi-key-0123456789" });
  const listed = {
    code: "listed",
    credentials: [{ org_id: ORG, provider: "vapi", ciphertext, key_id }],
  };
  await using server = serveAnswers(
    { status: 200, body: listed },
    { status: 200, body: { code: "replaced" } },
  );
  const environment: Record<string, string> = {
    SUPABASE_URL: server.url,
    SUPABASE_SECRET_KEYS: `{"default": "sb_secret_local_demo_key"}`,
    CREDENTIAL_KEYS: JSON.stringify({ k2: base64(key(2)), k1: base64(key(1)) }),
  };
  const result = await rotate(args, (name) => environment[name]);
  assert.ok(!result.text.includes("vapi-key"));
  return { ...result, requests: server.received };
}

Deno.test("encrypts with the first key what is under another", async () => {
  const { text, code, requests } = await run([], 1);
  assert.equal(text, `1 encrypted with key "k2", 0 saved meanwhile, 0 failed`);
  assert.equal(code, 0);
  const { request } = JSON.parse(requests[1]?.body ?? "");
  assert.equal(request.key_id, "k2");
  const cipher = createCredentialCipher([{ id: "k2", key: key(2) }]);
  assert.deepEqual(await cipher.open(ORG, "vapi", request), { api_key: "vapi-key-0123456789" });
});

Deno.test("--dry-run changes nothing", async () => {
  const { text, requests } = await run(["--dry-run"], 1);
  assert.equal(text, `1 would be encrypted with key "k2", 0 saved meanwhile, 0 failed`);
  assert.deepEqual(requests.map(({ path }) => path), [
    "/rest/v1/rpc/list_credentials?columns=request",
  ]);
});

Deno.test("what no key opens is named, and the exit code says so", async () => {
  const { text, code } = await run([], 9);
  assert.match(text, new RegExp(`^${ORG} vapi: Cannot open the credentials of "vapi"`));
  assert.match(text, /0 encrypted with key "k2", 0 saved meanwhile, 1 failed$/);
  assert.equal(code, 1);
});

Deno.test("--help needs no environment", async () => {
  assert.match((await rotate(["--help"], () => undefined)).text, /CREDENTIAL_KEYS/);
});

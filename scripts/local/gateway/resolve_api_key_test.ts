import assert from "node:assert/strict";
import { resolveApiKey } from "./resolve_api_key.ts";

const KEYS = {
  secretKey: "sb_secret_x",
  publishableKey: "sb_publishable_x",
  anonJwt: "anon.jwt.x",
  serviceRoleJwt: "service.jwt.x",
};
const USER = "user.jwt.x";
const SERVICE = { code: "resolved", role: "service_role", authorization: "Bearer service.jwt.x" };
const ANON = { code: "resolved", role: "anon", authorization: "Bearer anon.jwt.x" };

const CASES = [
  { name: "no key at all", headers: {}, expected: { code: "missing" } },
  { name: "an unknown key", headers: { apikey: "nope" }, expected: { code: "unknown" } },
  {
    name: "a user's token alone",
    headers: { authorization: `Bearer ${USER}` },
    expected: { code: "unknown" },
  },
  { name: "the secret key", headers: { apikey: "sb_secret_x" }, expected: SERVICE },
  { name: "the publishable key", headers: { apikey: "sb_publishable_x" }, expected: ANON },
  { name: "the legacy service key", headers: { apikey: "service.jwt.x" }, expected: SERVICE },
  {
    name: "a key repeated as bearer, as supabase-js sends it",
    headers: { apikey: "sb_secret_x", authorization: "Bearer sb_secret_x" },
    expected: SERVICE,
  },
  {
    name: "the legacy key as bearer alone",
    headers: { authorization: "Bearer anon.jwt.x" },
    expected: ANON,
  },
  {
    name: "a user's token beside the publishable key",
    headers: { apikey: "sb_publishable_x", authorization: `Bearer ${USER}` },
    expected: { ...ANON, authorization: `Bearer ${USER}` },
  },
  {
    name: "a user's token beside the secret key: the user's rights count",
    headers: { apikey: "sb_secret_x", authorization: `Bearer ${USER}` },
    expected: { ...SERVICE, authorization: `Bearer ${USER}` },
  },
];

for (const { name, headers, expected } of CASES) {
  Deno.test(`resolves ${name}`, () => {
    const request = new Request("http://127.0.0.1/rest/v1/x", { headers: new Headers(headers) });
    assert.deepEqual(resolveApiKey(request, KEYS), expected);
  });
}

Deno.test("resolves a key in the query", () => {
  const request = new Request("http://127.0.0.1/rest/v1/x?apikey=sb_publishable_x");
  assert.deepEqual(resolveApiKey(request, KEYS), ANON);
});

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from "jose";
import { AppError, type ErrorCode } from "../errors.ts";
import { createUserVerifier, type UserVerifierOptions } from "./verify_user.ts";

const USER = "aaaaaaaa-0000-4000-8000-000000000001";
const SECRET = "a-legacy-secret-of-at-least-32-characters";
const JWKS_URL = "http://auth.test/auth/v1/.well-known/jwks.json";

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

async function generate(alg: "ES256" | "RS256", kid: string) {
  const keys = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = { ...await exportJWK(keys.publicKey), kid, alg, use: "sig" };
  return { keys, jwk, kid, alg };
}

const elliptic = await generate("ES256", "ec-1");
const rsa = await generate("RS256", "rsa-1");
const stranger = await generate("ES256", "ec-1");
const rotated = await generate("ES256", "ec-2");

type Claims = Record<string, unknown>;

function sign(
  claims: Claims = {},
  { keys, kid, alg }: { keys: Keys; kid: string; alg: string } = elliptic,
): Promise<string> {
  return new SignJWT({ ...validClaims(), ...claims })
    .setProtectedHeader({ alg, kid, typ: "JWT" }).sign(keys.privateKey);
}

function validClaims(): Claims {
  const now = Math.floor(Date.now() / 1_000);
  return { sub: USER, aud: "authenticated", role: "authenticated", iat: now, exp: now + 3_600 };
}

function signWithSecret(secret: string, claims: Claims = {}): Promise<string> {
  return new SignJWT({ ...validClaims(), ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(new TextEncoder().encode(secret));
}

/** A token with any header at all, signed by HMAC or not. */
function forge(header: Claims, { secret, claims = {} }: { secret?: string; claims?: Claims } = {}) {
  const encode = (part: Claims) =>
    btoa(JSON.stringify(part)).replaceAll("=", "")
      .replaceAll("+", "-").replaceAll("/", "_");
  const content = `${encode(header)}.${encode({ ...validClaims(), ...claims })}`;
  if (secret === undefined) return `${content}.`;
  return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
}

/** A key set's address: how often it was asked, and what it answers. */
function serve(keys: JWK[], answer?: () => Promise<Response>) {
  const served = { keys, count: 0 };
  const fetch = ((_url: string | URL | Request) => {
    served.count += 1;
    return answer ? answer() : Promise.resolve(Response.json({ keys: served.keys }));
  }) as typeof globalThis.fetch;
  return { served, fetch };
}

async function outcome(
  token: string | null,
  options: Partial<UserVerifierOptions> = {},
): Promise<string> {
  const { fetch } = serve([elliptic.jwk, rsa.jwk]);
  const verify = createUserVerifier({ jwksUrl: JWKS_URL, fetch, ...options });
  const headers: HeadersInit = token === null ? {} : { authorization: token };
  try {
    return (await verify(new Request("http://x.test", { headers }))).user_id;
  } catch (error) {
    assert.ok(error instanceof AppError, String(error));
    return error.code satisfies ErrorCode;
  }
}

Deno.test("a token that Supabase Auth signed is its user", async (test) => {
  const cases: [string, string, Partial<UserVerifierOptions>][] = [
    ["ES256", await sign(), {}],
    ["RS256", await sign({}, rsa), {}],
    ["HS256 with the legacy secret", await signWithSecret(SECRET), { legacySecret: SECRET }],
    ["ES256 beside a legacy secret", await sign(), { legacySecret: SECRET }],
    ["a list of audiences", await sign({ aud: ["authenticated", "other"] }), {}],
    ["whatever name its issuer is reached by", await sign({ iss: "http://kong:8000/auth/v1" }), {}],
    [
      "metadata a user can write",
      await sign({ user_metadata: { org_id: "victim", sub: "x" } }),
      {},
    ],
    ["an id in capitals", await sign({ sub: USER.toUpperCase() }), {}],
  ];
  for (const [name, token, options] of cases) {
    await test.step(name, async () => {
      assert.equal(await outcome(`Bearer ${token}`, options), USER);
      assert.equal(await outcome(`bearer  ${token} `, options), USER);
    });
  }
});

Deno.test("any other token is refused", async (test) => {
  const now = Math.floor(Date.now() / 1_000);
  const publicText = await exportSPKI(elliptic.keys.publicKey);
  const publicJwkText = JSON.stringify(elliptic.jwk);
  const good = await sign();
  const [header, payload, signature] = good.split(".") as [string, string, string];
  const legacy: Partial<UserVerifierOptions> = { legacySecret: SECRET };
  const cases: [string, string | null, Partial<UserVerifierOptions>?][] = [
    ["no header", null],
    ["an empty header", ""],
    ["no bearer", good],
    ["basic", `Basic ${btoa("a:b")}`],
    ["an empty bearer", "Bearer "],
    ["two tokens", `Bearer ${good} ${good}`],
    ["garbage", "Bearer garbage"],
    ["three parts of garbage", "Bearer a.b.c"],
    ["a secret key", "Bearer sb_secret_local_demo_key"],
    ["alg none", `Bearer ${forge({ alg: "none" })}`],
    ["alg none with a key id", `Bearer ${forge({ alg: "none", kid: "ec-1" })}`],
    ["alg NONE", `Bearer ${forge({ alg: "NONE" })}`],
    ["no alg", `Bearer ${forge({ typ: "JWT" })}`],
    [
      "HS256 with the public key's text",
      `Bearer ${forge({ alg: "HS256", kid: "ec-1" }, { secret: publicText })}`,
    ],
    [
      "the same beside a legacy secret",
      `Bearer ${forge({ alg: "HS256", kid: "ec-1" }, { secret: publicText })}`,
      legacy,
    ],
    [
      "HS256 with the public JWK's text",
      `Bearer ${forge({ alg: "HS256", kid: "ec-1" }, { secret: publicJwkText })}`,
      legacy,
    ],
    ["HS256 with an empty secret", `Bearer ${forge({ alg: "HS256" }, { secret: "" })}`, legacy],
    ["HS256 without a legacy secret", `Bearer ${await signWithSecret(SECRET)}`],
    [
      "HS256 with another secret",
      `Bearer ${await signWithSecret("another-secret-of-32-characters!")}`,
      legacy,
    ],
    ["HS512", `Bearer ${forge({ alg: "HS512" }, { secret: SECRET })}`, legacy],
    [
      "ES256 said, HMAC signed",
      `Bearer ${forge({ alg: "ES256", kid: "ec-1" }, { secret: SECRET })}`,
      legacy,
    ],
    [
      "RS256 said with an EC key's id",
      `Bearer ${forge({ alg: "RS256", kid: "ec-1" }, { secret: SECRET })}`,
    ],
    ["a stranger's key with a known id", `Bearer ${await sign({}, stranger)}`],
    ["an unknown key id", `Bearer ${await sign({}, { ...stranger, kid: "unknown" })}`],
    ["a changed payload", `Bearer ${header}.${payload.slice(0, -2)}AA.${signature}`],
    ["a signature cut off", `Bearer ${header}.${payload}.`],
    ["expired", `Bearer ${await sign({ exp: now - 60 })}`],
    ["expired, legacy", `Bearer ${await signWithSecret(SECRET, { exp: now - 60 })}`, legacy],
    ["no expiry", `Bearer ${await sign({ exp: undefined })}`],
    ["not valid yet", `Bearer ${await sign({ nbf: now + 600 })}`],
    ["another audience", `Bearer ${await sign({ aud: "anon" })}`],
    ["no audience", `Bearer ${await sign({ aud: undefined })}`],
    ["no subject", `Bearer ${await sign({ sub: undefined })}`],
    ["a subject that is no id", `Bearer ${await sign({ sub: "admin" })}`],
    ["role anon", `Bearer ${await sign({ role: "anon" })}`],
    ["role service_role", `Bearer ${await sign({ role: "service_role" })}`],
    [
      "role service_role, legacy",
      `Bearer ${await signWithSecret(SECRET, { role: "service_role" })}`,
      legacy,
    ],
    ["no role", `Bearer ${await sign({ role: undefined })}`],
  ];
  for (const [name, authorization, options] of cases) {
    await test.step(name, async () => {
      assert.equal(await outcome(authorization, options), "unauthenticated");
    });
  }
});

Deno.test("keys that can't be read say nothing about the token: 503", async (test) => {
  const token = `Bearer ${await sign()}`;
  const cases: [string, () => Promise<Response>][] = [
    ["a refused connection", () => Promise.reject(new TypeError("connection refused"))],
    ["a timeout", () => Promise.reject(new DOMException("timed out", "TimeoutError"))],
    ["a 500", () => Promise.resolve(new Response("oops", { status: 500 }))],
    ["a page", () => Promise.resolve(new Response("<html>"))],
    ["no key set", () => Promise.resolve(Response.json({ message: "hello" }))],
  ];
  for (const [name, answer] of cases) {
    await test.step(name, async () => {
      assert.equal(await outcome(token, { fetch: serve([], answer).fetch }), "unavailable");
    });
  }
  await test.step("a legacy token needs none", async () => {
    const fetch = serve([], () => Promise.reject(new TypeError("refused"))).fetch;
    const legacyToken = `Bearer ${await signWithSecret(SECRET)}`;
    assert.equal(await outcome(legacyToken, { fetch, legacySecret: SECRET }), USER);
  });
  await test.step("a forged algorithm is refused without asking", async () => {
    const { served, fetch } = serve([]);
    assert.equal(await outcome(`Bearer ${forge({ alg: "none" })}`, { fetch }), "unauthenticated");
    assert.equal(served.count, 0);
  });
});

Deno.test("fetched keys are kept, and a rotation is noticed once the cooldown is over", async () => {
  const { served, fetch } = serve([elliptic.jwk]);
  const request = async (token: Promise<string>) =>
    new Request("http://x.test", { headers: { authorization: `Bearer ${await token}` } });
  const patient = createUserVerifier({ jwksUrl: JWKS_URL, fetch });
  for (let index = 0; index < 5; index += 1) await patient(await request(sign()));
  assert.equal(served.count, 1);
  for (let index = 0; index < 5; index += 1) {
    await assert.rejects(patient(await request(sign({}, rotated))));
  }
  assert.equal(served.count, 1, "strangers' key ids can't make it fetch again and again");

  const quick = createUserVerifier({ jwksUrl: JWKS_URL, fetch, cooldownMilliseconds: 0 });
  await quick(await request(sign()));
  served.keys = [elliptic.jwk, rotated.jwk];
  assert.equal((await quick(await request(sign({}, rotated)))).user_id, USER);
});

Deno.test("keys from the environment need no request until one is missing", async () => {
  const { served, fetch } = serve([elliptic.jwk, rotated.jwk]);
  const options = { fetch, jwks: { keys: [elliptic.jwk] } };
  assert.equal(await outcome(`Bearer ${await sign()}`, options), USER);
  assert.equal(served.count, 0);
  assert.equal(await outcome(`Bearer ${await sign({}, rotated)}`, options), USER);
  assert.equal(served.count, 1);
  const stolenId = `Bearer ${await sign({}, stranger)}`;
  assert.equal(await outcome(stolenId, options), "unauthenticated");
});

import * as jose from "jose";
import { Buffer } from "node:buffer";
import { readStack } from "./read_stack.ts";

export type TokenClaims = Record<string, unknown> & { sub?: string };

export type TokenOptions = {
  /** ES256 with the stack's key (default), HS256 with the legacy secret, or unsigned. */
  algorithm?: "ES256" | "HS256" | "none";
  /** Seconds from now; negative for a token that has expired. Default one hour. */
  expiresInSeconds?: number;
  /** Sign with this key and not the stack's: a forgery. */
  privateJwk?: jose.JWK;
  /** Sign HS256 with this secret, for example the text of the public key. */
  secret?: string;
  /** Members of the header to add or replace. */
  header?: Record<string, unknown>;
};

/** The stack's signing key, the private half included. */
export function readPrivateJwk(): jose.JWK {
  return JSON.parse(Deno.readTextFileSync(readStack().auth_private_jwk_path)) as jose.JWK;
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A user's access token with the claims of the auth service; `claims` add to or replace them. */
export async function signToken(
  claims: TokenClaims,
  { algorithm = "ES256", expiresInSeconds = 3_600, privateJwk, secret, header = {} }: TokenOptions =
    {},
): Promise<string> {
  const stack = readStack();
  const issuedAt = Math.floor(Date.now() / 1_000);
  const payload = {
    iss: `${stack.url}/auth/v1`,
    aud: "authenticated",
    role: "authenticated",
    iat: Math.min(issuedAt, issuedAt + expiresInSeconds - 1),
    exp: issuedAt + expiresInSeconds,
    app_metadata: {},
    user_metadata: {},
    ...claims,
  };
  if (algorithm === "none") {
    return `${encode({ alg: "none", typ: "JWT", ...header })}.${encode(payload)}.`;
  }
  if (algorithm === "HS256") {
    return await new jose.SignJWT(payload)
      .setProtectedHeader({ alg: "HS256", typ: "JWT", ...header })
      .sign(new TextEncoder().encode(secret ?? stack.legacy_jwt_secret));
  }
  const jwk = privateJwk ?? readPrivateJwk();
  return await new jose.SignJWT(payload)
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: jwk.kid ?? "", ...header })
    .sign(await jose.importJWK(jwk, "ES256"));
}

/** A key pair that the stack doesn't know; its `kid` may pretend otherwise. */
export async function createForeignJwk(kid: string): Promise<jose.JWK> {
  const { privateKey } = await jose.generateKeyPair("ES256", { extractable: true });
  return { ...await jose.exportJWK(privateKey), kid, alg: "ES256" };
}

import * as jose from "jose";
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { writeFileAtomically } from "./write_file_atomically.ts";

/** The demo keys of every local stack: worth nothing anywhere else. */
export const SECRET_KEY = "sb_secret_local_demo_key";
export const PUBLISHABLE_KEY = "sb_publishable_local_demo_key";

export type StackKeys = {
  authPrivateJwkPath: string;
  privateJwk: jose.JWK;
  publicJwk: jose.JWK;
  /** What older projects sign their tokens with (HS256). */
  legacyJwtSecret: string;
  /** The legacy API keys: HS256 tokens of the roles, valid for ten years. */
  anonJwt: string;
  serviceRoleJwt: string;
  /** JSON of one key that encrypts the stored provider credentials. */
  credentialKeys: string;
};

async function readOrCreate(path: string, create: () => Promise<string> | string): Promise<string> {
  const known = await Deno.readTextFile(path).catch(() => undefined);
  if (known !== undefined) return known;
  const text = await create();
  await writeFileAtomically(path, text);
  return text;
}

async function createPrivateJwk(): Promise<string> {
  const { privateKey } = await jose.generateKeyPair("ES256", { extractable: true });
  const jwk = await jose.exportJWK(privateKey);
  const kid = await jose.calculateJwkThumbprint(jwk);
  return JSON.stringify({ ...jwk, kid, alg: "ES256", use: "sig" });
}

async function signRole(role: "anon" | "service_role", secret: string): Promise<string> {
  return await new jose.SignJWT({ role, iss: "supabase" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt()
    .setExpirationTime("10y")
    .sign(new TextEncoder().encode(secret));
}

/** The stack's keys, made on its first start and kept in its state folder. */
export async function createKeys(stateFolder: string): Promise<StackKeys> {
  const folder = join(stateFolder, "keys");
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const authPrivateJwkPath = join(folder, "auth_private_jwk.json");
  const [jwkText, legacyJwtSecret, credentialKeys] = await Promise.all([
    readOrCreate(authPrivateJwkPath, createPrivateJwk),
    readOrCreate(join(folder, "legacy_jwt_secret"), () => randomBytes(32).toString("base64url")),
    readOrCreate(
      join(folder, "credential_keys.json"),
      () => JSON.stringify({ local: Buffer.from(randomBytes(32)).toString("base64") }),
    ),
  ]);
  const privateJwk = JSON.parse(jwkText) as jose.JWK;
  const { d: _secret, ...publicJwk } = privateJwk;
  const [anonJwt, serviceRoleJwt] = await Promise.all([
    signRole("anon", legacyJwtSecret),
    signRole("service_role", legacyJwtSecret),
  ]);
  return {
    authPrivateJwkPath,
    privateJwk,
    publicJwk,
    legacyJwtSecret,
    anonJwt,
    serviceRoleJwt,
    credentialKeys,
  };
}

/** What the data API verifies tokens with: the signing key and the legacy secret. */
export function verificationKeys(keys: StackKeys): string {
  const legacy = {
    kty: "oct",
    alg: "HS256",
    k: Buffer.from(keys.legacyJwtSecret).toString("base64url"),
  };
  return JSON.stringify({ keys: [keys.publicJwk, legacy] });
}

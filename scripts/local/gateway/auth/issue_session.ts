import * as jose from "jose";
import { randomBytes } from "node:crypto";
import type { Database } from "../../open_database.ts";
import type { GatewayConfig } from "../config.ts";
import type { User } from "./read_user.ts";

const LIFETIME_SECONDS = 3_600;

/** Signs a user in: an access token as GoTrue makes it, and a refresh token for one use. */
export async function issueSession(
  config: Pick<GatewayConfig, "url" | "privateJwk">,
  database: Database,
  user: User,
): Promise<Record<string, unknown>> {
  const refreshToken = randomBytes(9).toString("base64url");
  const issuedAt = Math.floor(Date.now() / 1_000);
  const key = await jose.importJWK(config.privateJwk, "ES256");
  const [accessToken] = await Promise.all([
    new jose.SignJWT({
      email: user.email,
      phone: user.phone,
      app_metadata: user.app_metadata,
      user_metadata: user.user_metadata,
      role: user.role,
      aal: "aal1",
      amr: [{ method: "password", timestamp: issuedAt }],
      session_id: crypto.randomUUID(),
      is_anonymous: user.is_anonymous,
    })
      .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: config.privateJwk.kid ?? "" })
      .setIssuer(`${config.url}/auth/v1`)
      .setSubject(user.id)
      .setAudience(user.aud)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS)
      .sign(key),
    database.query(
      `insert into auth.refresh_tokens (token, user_id, revoked, created_at, updated_at)
       values ($1, $2, false, now(), now())`,
      [refreshToken, user.id],
    ),
  ]);
  return {
    access_token: accessToken,
    token_type: "bearer",
    expires_in: LIFETIME_SECONDS,
    expires_at: issuedAt + LIFETIME_SECONDS,
    refresh_token: refreshToken,
    user,
  };
}

/** The user of an unused refresh token, which is used up by this. */
export async function useRefreshToken(
  database: Database,
  token: string,
): Promise<string | undefined> {
  const [row] = await database.query<{ user_id: string }>(
    `update auth.refresh_tokens set revoked = true, updated_at = now()
     where token = $1 and not revoked returning user_id`,
    [token],
  );
  return row?.user_id;
}

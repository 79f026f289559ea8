import * as jose from "jose";
import type { GatewayConfig } from "../config.ts";

/**
 * The claims of a request's user token, verified: ES256 by the stack's key, HS256 by the legacy
 * secret. Undefined when there is none or it doesn't hold.
 */
export async function verifyToken(
  request: Request,
  config: Pick<GatewayConfig, "publicJwk" | "legacyJwtSecret">,
): Promise<jose.JWTPayload | undefined> {
  const token = request.headers.get("authorization")?.replace(/^bearer\s+/i, "") ?? "";
  try {
    const isLegacy = jose.decodeProtectedHeader(token).alg === "HS256";
    const key = isLegacy
      ? new TextEncoder().encode(config.legacyJwtSecret)
      : await jose.importJWK(config.publicJwk, "ES256");
    const algorithms = [isLegacy ? "HS256" : "ES256"];
    return (await jose.jwtVerify(token, key, { algorithms })).payload;
  } catch {
    return undefined;
  }
}

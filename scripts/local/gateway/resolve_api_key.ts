import type { GatewayConfig } from "./config.ts";

type Keys = Pick<GatewayConfig, "secretKey" | "publishableKey" | "anonJwt" | "serviceRoleJwt">;

export type ResolvedKey =
  | { code: "resolved"; role: "anon" | "service_role"; authorization: string }
  | { code: "missing" }
  | { code: "unknown" };

/**
 * What an API key allows and which Authorization header the service behind the gateway gets: a
 * user's token goes through as it is, a key in its place becomes the token of the key's role.
 */
export function resolveApiKey(request: Request, keys: Keys): ResolvedKey {
  const bearer = request.headers.get("authorization")?.replace(/^bearer\s+/i, "");
  const query = request.url.includes("apikey=")
    ? new URL(request.url).searchParams.get("apikey")
    : null;
  const key = request.headers.get("apikey") ?? query ?? bearer;
  if (!key) return { code: "missing" };
  const role = key === keys.secretKey || key === keys.serviceRoleJwt
    ? "service_role"
    : key === keys.publishableKey || key === keys.anonJwt
    ? "anon"
    : undefined;
  if (role === undefined) return { code: "unknown" };
  const isUserToken = bearer !== undefined && bearer !== key && bearer.split(".").length === 3;
  const roleToken = role === "service_role" ? keys.serviceRoleJwt : keys.anonJwt;
  return { code: "resolved", role, authorization: `Bearer ${isUserToken ? bearer : roleToken}` };
}

import type { Database } from "../../open_database.ts";
import type { GatewayConfig } from "../config.ts";
import { resolveApiKey } from "../resolve_api_key.ts";
import { issueSession, useRefreshToken } from "./issue_session.ts";
import { createUser, readUser, readUserByPassword, type User } from "./read_user.ts";
import { verifyToken } from "./verify_token.ts";

type Credentials = { email?: string; password?: string; data?: unknown; refresh_token?: string };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function refuse(status: number, errorCode: string, message: string): Response {
  return Response.json({ code: status, error_code: errorCode, msg: message }, { status });
}

/** The routes of GoTrue that a dashboard signs in with, on the users in `auth.users`. */
export async function answerAuth(
  request: Request,
  path: string,
  { config, database }: { config: GatewayConfig; database: Database },
): Promise<Response> {
  const [route] = path.split("?", 1);
  if (route === "/.well-known/jwks.json") return Response.json({ keys: [config.publicJwk] });
  if (route === "/health") return Response.json({ name: "GoTrue", version: "local" });
  const key = resolveApiKey(request, config);
  if (key.code !== "resolved" && route !== "/user") {
    return Response.json({ message: "Invalid API key" }, { status: 401 });
  }
  const signIn = async (user: User | undefined) =>
    user === undefined
      ? refuse(400, "invalid_credentials", "Invalid login credentials")
      : Response.json(await issueSession(config, database, user));

  switch (`${request.method} ${route}`) {
    case "POST /token": {
      const body = await request.json().catch(() => ({})) as Credentials;
      const grantType = new URL(request.url).searchParams.get("grant_type");
      if (grantType === "refresh_token") {
        const id = await useRefreshToken(database, String(body.refresh_token ?? ""));
        return await signIn(id === undefined ? undefined : await readUser(database, id));
      }
      if (grantType !== "password") {
        return refuse(400, "validation_failed", "unsupported_grant_type");
      }
      const { email = "", password = "" } = body;
      return await signIn(
        await readUserByPassword(database, { email: String(email), password: String(password) }),
      );
    }
    case "POST /signup": {
      const body = await request.json().catch(() => ({})) as Credentials;
      const { email = "", password = "", data } = body;
      if (!email.includes("@")) return refuse(400, "validation_failed", "An email is required");
      if (password.length < 6) {
        return refuse(422, "weak_password", "Password should be at least 6 characters");
      }
      const user = await createUser(database, { email, password, data });
      if (user === undefined) {
        return refuse(422, "user_already_exists", "User already registered");
      }
      return await signIn(user);
    }
    case "GET /user": {
      const claims = await verifyToken(request, config);
      if (claims?.sub === undefined || !UUID.test(claims.sub)) {
        return refuse(403, "bad_jwt", "invalid JWT");
      }
      const user = await readUser(database, claims.sub);
      return user === undefined
        ? refuse(403, "user_not_found", "User from sub claim in JWT does not exist")
        : Response.json(user);
    }
    case "POST /logout": {
      const claims = await verifyToken(request, config);
      if (claims?.sub === undefined) return refuse(403, "bad_jwt", "invalid JWT");
      await database.query(
        "update auth.refresh_tokens set revoked = true where user_id = $1 and not revoked",
        [claims.sub],
      );
      return new Response(null, { status: 204 });
    }
    default:
      return refuse(404, "not_found", "The local stack has no such route of the auth service");
  }
}

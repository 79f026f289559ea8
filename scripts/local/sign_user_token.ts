import * as jose from "jose";

/** A user's access token as the auth service makes it, signed with the stack's own key. */
export async function signUserToken(
  privateJwk: jose.JWK,
  { url, userId, email, hours }: { url: string; userId: string; email: string; hours: number },
): Promise<string> {
  return await new jose.SignJWT({
    email,
    role: "authenticated",
    app_metadata: { provider: "email" },
    user_metadata: {},
  })
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: privateJwk.kid ?? "" })
    .setIssuer(`${url}/auth/v1`)
    .setSubject(userId)
    .setAudience("authenticated")
    .setIssuedAt()
    .setExpirationTime(`${hours}h`)
    .sign(await jose.importJWK(privateJwk, "ES256"));
}

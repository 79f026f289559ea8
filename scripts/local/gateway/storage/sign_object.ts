import * as jose from "jose";

/** A token that lets anybody read one object until it expires, as Supabase's signed URLs carry. */
export async function signObject(
  secret: string,
  { object, expiresInSeconds }: { object: string; expiresInSeconds: number },
): Promise<string> {
  return await new jose.SignJWT({ url: object })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime(`${expiresInSeconds}s`)
    .sign(new TextEncoder().encode(secret));
}

export async function isSignedFor(
  secret: string,
  { object, token }: { object: string; token: string },
): Promise<boolean> {
  try {
    const { payload } = await jose.jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ["HS256"],
    });
    return payload["url"] === object;
  } catch {
    return false;
  }
}

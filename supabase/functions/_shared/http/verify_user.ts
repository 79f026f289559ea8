import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  errors,
  jwtVerify,
} from "jose";
import type { JSONWebKeySet, JWTPayload, JWTVerifyOptions } from "jose";
import { AppError } from "../errors.ts";

export type VerifiedUser = { user_id: string };
export type VerifyUser = (request: Request) => Promise<VerifiedUser>;
export type UserVerifierOptions = {
  /** `{SUPABASE_URL}/auth/v1/.well-known/jwks.json` */
  jwksUrl: string;
  /** Keys known from the start (SUPABASE_JWKS); one that is not among them is still fetched. */
  jwks?: JSONWebKeySet | undefined;
  /** Projects that still sign with a shared secret; without it HS256 is refused. */
  legacySecret?: string | undefined;
  fetch?: typeof globalThis.fetch;
  /** How long after a fetch an unknown key id is refused without another one. */
  cooldownMilliseconds?: number;
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ASYMMETRIC = ["ES256", "RS256"];
const FETCH_LIMIT_MILLISECONDS = 3_000;

/**
 * Who sends a request, from the `authorization: Bearer` token that Supabase Auth signed.
 * An algorithm is bound to its kind of key: ES256 and RS256 to the key set, HS256 to the legacy
 * secret, so that a public key can't be used as a secret. Only `sub` is taken from the token:
 * everything else in it, `user_metadata` first, a user can write.
 *
 * The function it returns throws AppError `unauthenticated`, or `unavailable` where the keys can't
 * be fetched, because that says nothing about the token.
 */
export function createUserVerifier(options: UserVerifierOptions): VerifyUser {
  const { legacySecret } = options;
  const findKey = createKeyFinder(options);
  const secret = legacySecret === undefined ? null : new TextEncoder().encode(legacySecret);
  const expected: JWTVerifyOptions = {
    audience: "authenticated",
    requiredClaims: ["exp", "sub"],
  };

  async function verify(token: string): Promise<JWTPayload> {
    const { alg } = decodeProtectedHeader(token);
    if (alg === "HS256" && secret !== null) {
      return (await jwtVerify(token, secret, { ...expected, algorithms: ["HS256"] })).payload;
    }
    if (alg === undefined || !ASYMMETRIC.includes(alg)) {
      throw new errors.JOSEAlgNotAllowed("its algorithm is not accepted");
    }
    return (await jwtVerify(token, findKey, { ...expected, algorithms: ASYMMETRIC })).payload;
  }

  return async (request) => {
    const token = readBearer(request);
    let payload: JWTPayload;
    try {
      payload = await verify(token);
    } catch (cause) {
      throw toAppError(cause);
    }
    if (payload.role !== "authenticated") throw refusal("it is not a signed-in user's");
    if (typeof payload.sub !== "string" || !UUID.test(payload.sub)) {
      throw refusal("its subject is not a user id");
    }
    return { user_id: payload.sub.toLowerCase() };
  };
}

class KeysUnreachable extends Error {}

function createKeyFinder(
  { jwksUrl, jwks, fetch = globalThis.fetch, cooldownMilliseconds = 30_000 }: UserVerifierOptions,
) {
  const remote = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: FETCH_LIMIT_MILLISECONDS,
    cooldownDuration: cooldownMilliseconds,
    [customFetch]: (url, init) => fetch(url, init),
  });
  const findRemote: typeof remote = Object.assign(
    async (...input: Parameters<typeof remote>) => {
      try {
        return await remote(...input);
      } catch (cause) {
        if (isAboutToken(cause)) throw cause;
        throw new KeysUnreachable("the key set could not be fetched", { cause });
      }
    },
    remote,
  );
  if (jwks === undefined) return findRemote;
  const local = createLocalJWKSet(jwks);
  return async (...input: Parameters<typeof local>) => {
    try {
      return await local(...input);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return await findRemote(...input);
    }
  };
}

function isAboutToken(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys || error instanceof errors.JOSENotSupported;
}

function readBearer(request: Request): string {
  const header = request.headers.get("authorization");
  if (header === null) {
    throw new AppError(
      "unauthenticated",
      "Cannot authenticate the request: there is no authorization header",
    );
  }
  const token = /^Bearer +(\S+) *$/i.exec(header)?.[1];
  if (token === undefined) {
    throw new AppError(
      "unauthenticated",
      "Cannot authenticate the request: the authorization header is not a bearer token",
    );
  }
  return token;
}

function toAppError(cause: unknown): AppError {
  if (cause instanceof KeysUnreachable) {
    return new AppError(
      "unavailable",
      "Cannot authenticate the request: the keys that verify tokens can't be read at this moment",
      { cause, retryAfterSeconds: 5 },
    );
  }
  if (cause instanceof errors.JWTExpired) return refusal("it has expired", cause);
  if (cause instanceof errors.JWTClaimValidationFailed) {
    return refusal(`its claim "${cause.claim}" is not the expected one`, cause);
  }
  if (cause instanceof errors.JOSEAlgNotAllowed) {
    return refusal("its algorithm is not accepted", cause);
  }
  if (cause instanceof errors.JWKSNoMatchingKey) return refusal("its key is not known", cause);
  return refusal("it is not a valid one", cause);
}

function refusal(reason: string, cause?: unknown): AppError {
  return new AppError("unauthenticated", `Cannot accept the token: ${reason}`, { cause });
}

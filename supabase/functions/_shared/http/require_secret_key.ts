import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors.ts";

/**
 * Lets through only who shows one of the project's secret keys: schedulers and operators.
 * The key comes in header `apikey`, the legacy one also as a bearer token.
 *
 * The function it returns throws AppError `unauthenticated`; with no key configured it always does.
 */
export function createSecretKeyCheck(
  { secretKeys, legacyServiceRoleKey }: {
    secretKeys: readonly string[];
    legacyServiceRoleKey?: string | undefined;
  },
): (request: Request) => void {
  const legacy = legacyServiceRoleKey ? [digest(legacyServiceRoleKey)] : [];
  const accepted = [...secretKeys.filter((key) => key !== "").map(digest), ...legacy];

  return (request) => {
    const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "")?.[1];
    const shown = request.headers.get("apikey");
    if (shown !== null && isAmong(shown, accepted)) return;
    if (bearer !== undefined && isAmong(bearer, legacy)) return;
    throw new AppError(
      "unauthenticated",
      "Cannot authenticate the request: it needs a secret key of the project in header apikey",
    );
  };
}

/** Digests are equally long, so that comparing tells nothing of a key's length either. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function isAmong(shown: string, accepted: readonly Buffer[]): boolean {
  const candidate = digest(shown);
  let found = false;
  for (const key of accepted) {
    if (timingSafeEqual(candidate, key)) found = true;
  }
  return found;
}

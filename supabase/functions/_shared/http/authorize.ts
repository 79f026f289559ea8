import { AppError } from "../errors.ts";
import type { AuthorizeResult, MemberRole, RequestStore, TierName } from "../ports.ts";
import type { AppContext } from "./context.ts";
import { hashRequest } from "./hash_request.ts";
import type { VerifyUser } from "./verify_user.ts";

export type AuthorizeOptions = {
  /** Names the rate limit's bucket and the idempotency key's scope, e.g. "workspace_save". */
  operation: string;
  minimumRole: MemberRole;
  /** The organization that is asked for, where it isn't header x-org-id that says so. */
  orgId?: string | undefined;
  /** Refuses organizations to which this part of the product isn't rolled out; absent for reads. */
  tier?: TierName;
  /** Tokens in the bucket, and how many come back in a second; absent = no limit. */
  rateLimit?: { capacity: number; refillPerSecond: number } | null;
  /** Asks whether they may before the body is read, in a round trip of its own: for large ones. */
  checksFirst?: boolean;
  /** What the idempotency key stands for. A function is called once the token is verified. */
  body?: unknown;
};

export type Authorization = {
  orgId: string;
  userId: string;
  role: MemberRole;
  operation: string;
  /** Set where the caller sent `Idempotency-Key` with a method that changes something. */
  idempotency: { key: string; requestHash: string } | null;
  /** The answer given before to the same key; return it and do nothing. */
  replay: Response | null;
  /** `body`, or what it returned. */
  body: unknown;
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const IDEMPOTENCY_SECONDS = 24 * 60 * 60;

/**
 * Who asks, for which organization, and whether they may: the token, the membership, the replay of
 * an idempotency key and the rate limit, in one round trip. From here on the request's log lines
 * carry the organization.
 *
 * @throws AppError unauthenticated, organization_required, forbidden, disabled (the tier isn't rolled
 * out to the organization), rate_limited, conflict (the
 * same key is being answered), idempotency_key_reused, invalid_input (a malformed header).
 */
export async function authorize(
  context: AppContext,
  { requests, verifyUser }: {
    requests: Pick<RequestStore, "authorizeRequest">;
    verifyUser: VerifyUser;
  },
  { operation, minimumRole, orgId, tier, rateLimit = null, checksFirst = false, body }:
    AuthorizeOptions,
): Promise<Authorization> {
  const { user_id: userId } = await verifyUser(context.req.raw);
  const requestedOrgId = orgId ?? readOrgId(context);
  const key = readIdempotencyKey(context);
  const ask = async (
    limit: AuthorizeOptions["rateLimit"],
    idempotency: Authorization["idempotency"],
  ) => {
    const result = await requests.authorizeRequest({
      user_id: userId,
      org_id: requestedOrgId,
      operation,
      minimum_role: minimumRole,
      request_id: context.var.requestId,
      tier: tier ?? null,
      rate_limit: limit
        ? { capacity: limit.capacity, refill_per_second: limit.refillPerSecond }
        : null,
      idempotency: idempotency && {
        key: idempotency.key,
        request_hash: idempotency.requestHash,
        ttl_seconds: IDEMPOTENCY_SECONDS,
      },
    });
    if (result.code === "authorized" || result.code === "replayed") return result;
    throw toRefusal(result, { operation, minimumRole, requestedOrgId });
  };
  if (checksFirst) await ask(rateLimit, null);
  const content = typeof body === "function" ? await body() : body;
  const { method, url } = context.req;
  const idempotency = key === null
    ? null
    : { key, requestHash: hashRequest({ userId, method, url, body: content }) };
  const result = await ask(checksFirst ? null : rateLimit, idempotency);
  context.set("logger", context.var.logger.with({ org_id: result.org_id }));
  return {
    orgId: result.org_id,
    userId,
    role: result.role,
    operation,
    idempotency,
    replay: result.code === "replayed" ? createReplay(result) : null,
    body: content,
  };
}

function readOrgId(context: AppContext): string | null {
  const value = context.req.header("x-org-id");
  if (value === undefined || value === "") return null;
  if (UUID.test(value)) return value.toLowerCase();
  throw new AppError("invalid_input", "Cannot choose the organization: x-org-id must be a UUID", {
    errors: [{ field: "x-org-id", detail: "must be a UUID" }],
  });
}

function readIdempotencyKey(context: AppContext): string | null {
  const value = context.req.header("idempotency-key");
  if (value === undefined || ["GET", "HEAD"].includes(context.req.method)) return null;
  if (/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/.test(value)) return value;
  const detail = "must be 1 to 255 printable ASCII characters";
  throw new AppError("invalid_input", `Cannot use the idempotency key: it ${detail}`, {
    errors: [{ field: "idempotency-key", detail }],
  });
}

function createReplay(result: AuthorizeResult & { code: "replayed" }): Response {
  const type = result.response_status >= 400 ? "application/problem+json" : "application/json";
  return new Response(JSON.stringify(result.response_body), {
    status: result.response_status,
    headers: { "content-type": type, "idempotency-replayed": "true" },
  });
}

function toRefusal(
  result: Exclude<AuthorizeResult, { code: "authorized" | "replayed" }>,
  { operation, minimumRole, requestedOrgId }: {
    operation: string;
    minimumRole: MemberRole;
    requestedOrgId: string | null;
  },
): AppError {
  const action = operation.replaceAll("_", " ");
  switch (result.code) {
    case "organization_required":
      return new AppError(
        "organization_required",
        "Cannot choose the organization: you belong to several, name one in header x-org-id",
        {
          errors: [{ field: "x-org-id", detail: "is required" }],
          extensions: {
            organizations: result.organizations.map(({ org_id, name, role }) => ({
              orgId: org_id,
              name,
              role,
            })),
          },
        },
      );
    case "forbidden":
      return new AppError("forbidden", describeForbidden(), {
        extensions: { reason: result.reason },
      });
    case "tier_off":
      return new AppError(
        "disabled",
        `Cannot run "${action}": it isn't rolled out to this organization; what is stored stays as it is and can be read`,
        { extensions: { reason: "tier_off" } },
      );
    case "rate_limited":
      return new AppError("rate_limited", `Cannot run "${action}": too many requests`, {
        retryAfterSeconds: result.retry_after_seconds,
      });
    case "in_progress":
      return new AppError(
        "conflict",
        `Cannot run "${action}": a request with this idempotency key is being answered`,
        { retryAfterSeconds: result.retry_after_seconds },
      );
    case "idempotency_key_reused":
      return new AppError(
        "idempotency_key_reused",
        `Cannot run "${action}": this idempotency key was sent with another request`,
      );
  }

  function describeForbidden(): string {
    if (result.code === "forbidden" && result.reason === "role_too_low") {
      return `Cannot run "${action}": it takes the role ${minimumRole} or a higher one`;
    }
    return requestedOrgId === null
      ? `Cannot run "${action}": you belong to no organization`
      : `Cannot run "${action}": you don't belong to this organization`;
  }
}

import { AppError, ERROR_STATUS, type ErrorCode, ProviderError } from "../errors.ts";
const TITLES = {
  invalid_input: "The request is not valid",
  organization_required: "Several organizations to choose from",
  unauthenticated: "Not signed in",
  forbidden: "Not allowed",
  not_found: "Not found",
  method_not_allowed: "Method not allowed",
  conflict: "In conflict with another request",
  not_connected: "Not connected",
  outside_window: "Too late to write freely",
  precondition_failed: "Changed in between",
  payload_too_large: "The body is too large",
  unsupported_media_type: "The body is of another type",
  check_failed: "A check failed",
  unreadable: "Could not be read",
  idempotency_key_reused: "The idempotency key belongs to another request",
  rate_limited: "Too many requests",
  internal: "Something went wrong",
  misconfigured: "The service is not set up",
  provider_failed: "A provider failed",
  unavailable: "Not available at this moment",
  disabled: "Switched off",
  timed_out: "Took too long",
} as const satisfies Record<ErrorCode, string>;

/**
 * What of an error its caller may see. A provider's failure is never the caller's fault; any other
 * error than the two that are thrown on purpose is answered opaquely.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError && error.code !== "internal") return error;
  if (error instanceof ProviderError) {
    return new AppError(codeOfFailure(error), `Cannot reach "${error.provider}": ${error.reason}`, {
      cause: error,
      extensions: { provider: error.provider },
      ...(error.retryAfterSeconds === undefined
        ? {}
        : { retryAfterSeconds: error.retryAfterSeconds }),
    });
  }
  return new AppError("internal", "Cannot answer the request: an unexpected error, logged", {
    cause: error,
  });
}

function codeOfFailure(error: ProviderError): ErrorCode {
  if (error.failure === "timed_out") return "timed_out";
  return error.failure === "rate_limited" ? "unavailable" : "provider_failed";
}
/** An error as `application/problem+json` (RFC 9457), with `Retry-After` where it has one. */
export function createProblemResponse(
  error: AppError,
  { requestId, headers = {} }: { requestId: string; headers?: Record<string, string> },
): Response {
  const status = ERROR_STATUS[error.code];
  const body = {
    ...error.extensions,
    type: `urn:switchboard:problem:${error.code}`,
    title: TITLES[error.code],
    status,
    detail: error.message,
    code: error.code,
    requestId,
    ...(error.errors.length === 0 ? {} : { errors: error.errors }),
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(error.retryAfterSeconds === undefined
        ? {}
        : { "retry-after": String(Math.max(1, Math.ceil(error.retryAfterSeconds))) }),
      ...(error.code === "unauthenticated" ? { "www-authenticate": "Bearer" } : {}),
      ...headers,
    },
  });
}

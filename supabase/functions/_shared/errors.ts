/**
 * Every way a request can fail, with its HTTP status. The union is closed: an answer never carries
 * a code that is not in this list. An expected refusal is one of these; anything else is a bug and
 * is answered as `internal`.
 */
export const ERROR_STATUS = {
  invalid_input: 400,
  organization_required: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  not_connected: 409,
  /** WhatsApp's 24 hours since what the person wrote last are over. */
  outside_window: 409,
  precondition_failed: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  check_failed: 422,
  unreadable: 422,
  idempotency_key_reused: 422,
  rate_limited: 429,
  internal: 500,
  misconfigured: 500,
  provider_failed: 502,
  unavailable: 503,
  disabled: 503,
  timed_out: 504,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** One entry per field that is wrong; `field` is the name the caller used. */
export type FieldError = { field: string; detail: string };

export type AppErrorOptions = {
  cause?: unknown;
  errors?: FieldError[];
  retryAfterSeconds?: number;
  /** Further members of the problem document (RFC 9457 section 3.2), never a secret. */
  extensions?: Record<string, unknown>;
};

/**
 * The only error a service throws on purpose.
 * Its message reads "Cannot <action> "<value>": <reason>" and may be shown to the caller.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly errors: FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly extensions: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.extensions = options.extensions ?? {};
  }

  get status(): number {
    return ERROR_STATUS[this.code];
  }
}

/** What kept a provider's call from succeeding; services decide on it, the text is for people. */
export type ProviderFailure =
  | "unauthorized"
  | "not_found"
  | "refused"
  | "rate_limited"
  | "unavailable"
  | "timed_out"
  | "invalid_response";

/**
 * Thrown by every provider. `reason` is the provider's own words, already free of secrets.
 * `ambiguous` is true where the provider may have acted although no answer arrived.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly provider: string;
  readonly failure: ProviderFailure;
  readonly status: number | null;
  readonly reason: string;
  readonly ambiguous: boolean;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    provider: string,
    failure: ProviderFailure,
    reason: string,
    options: {
      status?: number | null;
      ambiguous?: boolean;
      retryAfterSeconds?: number;
      cause?: unknown;
    } = {},
  ) {
    super(`${provider}: ${reason}`, options.cause === undefined ? {} : { cause: options.cause });
    this.provider = provider;
    this.failure = failure;
    this.status = options.status ?? null;
    this.reason = reason;
    this.ambiguous = options.ambiguous ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

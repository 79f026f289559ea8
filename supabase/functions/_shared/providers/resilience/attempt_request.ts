import type { ProviderFailure } from "../../errors.ts";
import type { CalledProvider, Clock, ProviderCall, RecordProviderCall } from "../../ports.ts";
import type { AttemptEnd, BeforeAttempt, Limit } from "./create_policy.ts";
import { describeCall } from "./describe_call.ts";
import { readLimitedText } from "./read_limited_text.ts";
import { readRetryAfter } from "./read_retry_after.ts";
import type { Fetch } from "./send_request.ts";

const ANSWER_LIMIT_BYTES = 2 * 1024 * 1024;

/** How a provider's refusal is understood; `reason` may still hold secrets. */
export type Refusal = {
  failure: ProviderFailure;
  reason: string;
  /** A wait that the body asks for; it goes before the header's. */
  retryAfterMilliseconds?: number;
};

export type SenderConfig = {
  provider: CalledProvider;
  baseUrl: string;
  headers: Record<string, string>;
  /** What must never be seen in an error, and whose failures count together. */
  secrets: string[];
  record: RecordProviderCall;
  signal?: AbortSignal;
  /** Asked before each attempt; what it throws ends the request. */
  beforeAttempt?: BeforeAttempt;
  /** Reads an answer that is not 2xx; the body is undefined when it is not JSON. */
  readRefusal(status: number, body: unknown): Refusal;
};

export type ProviderRequest = {
  /** Counted under this name in `provider_call_stats`. */
  operation: string;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Begins with a slash; what comes from outside is encoded already. */
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** Sent as multipart in place of a JSON body. */
  form?: FormData;
  /** Whether sending it twice does what sending it once does. Every method but POST unless said. */
  idempotent?: boolean;
  answerLimitBytes?: number;
};

export type Failed = Refusal & { status: number | null; cause?: unknown };
export type RequestEnd = AttemptEnd & ({ body: unknown } | { failed: Failed });

/** Sends a request once, within one attempt's time, and counts it. Never throws. */
export async function attemptRequest(
  config: SenderConfig,
  request: ProviderRequest,
  { limit, fetch, clock }: { limit: Limit; fetch: Fetch; clock: Clock },
): Promise<RequestEnd> {
  const began = clock();
  let status: number | null = null;
  let end: RequestEnd;
  try {
    end = await limit(async (signal) => {
      const response = await fetch(
        buildUrl(config.baseUrl, request),
        buildInit(config, request, signal),
      );
      status = response.status;
      const text = await readLimitedText(response, request.answerLimitBytes ?? ANSWER_LIMIT_BYTES);
      return readAnswer(config, request, {
        status,
        text,
        retryAfterMilliseconds: readRetryAfter(response.headers.get("retry-after"), clock()),
      });
    });
  } catch (error) {
    end = fail(request, { ...describeBreak(error), status: null, cause: error });
  }
  config.record(describeCall(config.provider, request.operation, {
    outcome: judge(end),
    status,
    milliseconds: clock() - began,
  }));
  return end;
}

function readAnswer(
  config: SenderConfig,
  request: ProviderRequest,
  answer: { status: number; text: string; retryAfterMilliseconds: number | null },
): RequestEnd {
  const { status, text, retryAfterMilliseconds } = answer;
  const body = parseJson(text);
  if (status < 200 || status >= 300) {
    const { retryAfterMilliseconds: asked, ...refusal } = config.readRefusal(status, body);
    return fail(request, { ...refusal, status }, asked ?? retryAfterMilliseconds);
  }
  if (body === undefined && text.trim() !== "") {
    return fail(request, { failure: "invalid_response", reason: "the answer is not JSON", status });
  }
  return { body, repeatable: false, retryAfterMilliseconds: null, down: false };
}

function fail(
  request: ProviderRequest,
  failed: Failed,
  retryAfterMilliseconds: number | null = null,
): RequestEnd {
  const passing = failed.failure === "unavailable" || failed.failure === "timed_out";
  const idempotent = request.idempotent ?? request.method !== "POST";
  return {
    failed,
    // A request that was refused for its rate had no effect, whatever its method.
    repeatable: failed.failure === "rate_limited" || (idempotent && passing),
    retryAfterMilliseconds,
    down: passing && (failed.status === null || failed.status >= 500),
  };
}

function judge(end: RequestEnd): ProviderCall["outcome"] {
  if (!("failed" in end)) return "succeeded";
  const { failure, status } = end.failed;
  if (failure === "timed_out") return "timed_out";
  return status !== null && status >= 400 && status < 500 ? "refused" : "failed";
}

/** A connection's own error text names addresses and is kept for the cause alone. */
function describeBreak(error: unknown): Refusal {
  if (error instanceof RangeError) return { failure: "invalid_response", reason: error.message };
  if (error instanceof DOMException && error.name === "TimeoutError") {
    return { failure: "timed_out", reason: error.message };
  }
  if (error instanceof DOMException && error.name === "AbortError") {
    return { failure: "timed_out", reason: "the time for this work is over" };
  }
  return { failure: "unavailable", reason: "the connection failed" };
}

function buildUrl(baseUrl: string, request: ProviderRequest): string {
  const query = new URLSearchParams(request.query ?? {}).toString();
  return `${baseUrl.replace(/\/+$/, "")}${request.path}${query === "" ? "" : `?${query}`}`;
}

function buildInit(
  config: SenderConfig,
  request: ProviderRequest,
  signal: AbortSignal,
): RequestInit {
  const { body, form } = request;
  return {
    method: request.method,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...config.headers,
    },
    // A redirect would carry the credentials to an address that nobody configured.
    redirect: "manual",
    signal,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    // Its content type, with the boundary, is fetch's own matter.
    ...(form === undefined ? {} : { body: form }),
  };
}

/** @returns undefined when the text is not JSON */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

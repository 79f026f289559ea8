import { createHash } from "node:crypto";
import { ProviderError, type ProviderFailure } from "../../errors.ts";
import type { Clock } from "../../ports.ts";
import { attemptRequest, type ProviderRequest, type SenderConfig } from "./attempt_request.ts";
import type { Policy } from "./create_policy.ts";
import { describeCall } from "./describe_call.ts";
import { listBodySecrets } from "./list_body_secrets.ts";
import { scrubSecrets } from "./scrub_secrets.ts";

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

/** Sends one request and returns the answer's JSON. @throws ProviderError */
export type Send = (request: ProviderRequest) => Promise<unknown>;

/** What sending has in common for all providers: retries, circuit, limits, counting, error texts. */
export function createSender(
  config: SenderConfig,
  options: { policy: Policy; fetch?: Fetch; clock?: Clock },
): Send {
  const { policy, fetch = globalThis.fetch, clock = Date.now } = options;
  const credential = createHash("sha256").update(config.secrets.join("\n")).digest("hex");
  const circuit = `${config.provider}:${credential}`;

  return async (request) => {
    const began = clock();
    const end = config.signal?.aborted ? "too_late" as const : await policy.execute(
      circuit,
      (limit) => attemptRequest(config, request, { limit, fetch, clock }),
      { signal: config.signal, beforeAttempt: config.beforeAttempt },
    );
    if (end === "too_late") {
      throw new ProviderError(config.provider, "timed_out", "the time for this work is over");
    }
    if (end === "rejected") {
      config.record(describeCall(config.provider, request.operation, {
        outcome: "rejected_by_breaker",
        status: null,
        milliseconds: clock() - began,
      }));
      throw new ProviderError(
        config.provider,
        "unavailable",
        "it failed several times in a row and is given a rest",
        { retryAfterSeconds: Math.ceil(policy.breakerOpenMilliseconds / 1000) },
      );
    }
    if ("body" in end) return end.body;

    const { failure, reason, status, cause } = end.failed;
    const secrets = [...config.secrets, ...listBodySecrets(request.body)];
    throw new ProviderError(config.provider, failure, scrubSecrets(reason, secrets), {
      status,
      ambiguous: request.method !== "GET" && isUndecided(failure),
      ...(end.retryAfterMilliseconds === null
        ? {}
        : { retryAfterSeconds: Math.ceil(end.retryAfterMilliseconds / 1000) }),
      ...(cause === undefined ? {} : { cause: scrubCause(cause, secrets) }),
    });
  };
}

/** Failures after which a request that writes may have been carried out. */
function isUndecided(failure: ProviderFailure): boolean {
  return failure === "unavailable" || failure === "timed_out" || failure === "invalid_response";
}

function scrubCause(cause: unknown, secrets: string[]): Error {
  return new Error(scrubSecrets(cause instanceof Error ? cause.message : String(cause), secrets));
}

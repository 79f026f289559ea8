import { lookup } from "node:dns/promises";
import { checkPageUrl } from "../../domain/web/check_page_url.ts";
import { isPublicAddress } from "../../domain/web/is_public_address.ts";
import type { Clock, ProviderCall } from "../../ports.ts";
import type { PostDelivery, PostOutcome } from "../../ports_legacy.ts";
import type { AttemptEnd, Policy } from "../resilience/create_policy.ts";
import { describeCall } from "../resilience/describe_call.ts";
import { readRetryAfter } from "../resilience/read_retry_after.ts";

export type LegacyConfig = {
  policy: Policy;
  /** Origins that need be neither https nor public: `http://127.0.0.1:*`. For the local stack. */
  testOrigins?: readonly string[];
  /** Every address of a host. */
  resolve?: (host: string) => Promise<string[]>;
  clock?: Clock;
};

type Fetch = (input: URL, init: RequestInit) => Promise<Response>;
type End = AttemptEnd & { outcome: PostOutcome };

/**
 * The webhooks of the older service, called as Meta calls them. Only https and the public internet;
 * redirects are failures, since what they lead to nobody configured.
 */
export function createLegacy(
  { policy, testOrigins = [], resolve = resolveHost, clock = Date.now }: LegacyConfig,
  fetch: Fetch = globalThis.fetch,
): PostDelivery {
  const isTestOrigin = (url: URL) =>
    testOrigins.includes(url.origin) || testOrigins.includes(`${url.protocol}//${url.hostname}:*`);

  async function findFault(url: URL): Promise<string | null> {
    if (isTestOrigin(url)) return null;
    const addresses = await resolve(url.hostname).catch(() => []);
    if (addresses.length === 0) return "its host is not known";
    // One that is not public is enough: whoever answers so can choose which one is used.
    return addresses.every(isPublicAddress) ? null : "its host is not on the public internet";
  }

  return async (delivery, record) => {
    const url = checkPageUrl(delivery.url, isTestOrigin);
    if (typeof url === "string") {
      return { kind: "failed", status: null, reason: url, retryAfterSeconds: null };
    }
    let isSent = false;
    const began = clock();
    const note = (outcome: ProviderCall["outcome"], status: number | null) =>
      record(
        describeCall("legacy", "forward_delivery", {
          outcome,
          status,
          milliseconds: clock() - began,
        }),
      );
    const end = await policy.execute(`legacy:${url.href}`, async (limit): Promise<End> => {
      try {
        // Looking the host up is a part of what may take so long.
        const answer = await limit(async (signal) => {
          const fault = await findFault(url);
          if (fault !== null || signal.aborted) return fault ?? "it was not found in time";
          isSent = true;
          const { id, attempt, body, signature } = delivery;
          const answer = await fetch(url, {
            method: "POST",
            headers: {
              "content-type": "application/json",
              "x-hub-signature-256": signature,
              "x-switchboard-delivery-id": id,
              "x-switchboard-attempt": String(attempt),
            },
            body: new Uint8Array(body),
            redirect: "manual",
            signal,
          });
          await answer.body?.cancel();
          return answer;
        });
        return typeof answer === "string"
          ? fail(answer, null, { down: true })
          : readAnswer(answer, clock());
      } catch (error) {
        const isLate = error instanceof DOMException;
        return fail(isLate ? "it did not answer in time" : "the connection failed", null, {
          down: true,
        });
      }
    });
    if (end === "rejected") {
      note("rejected_by_breaker", null);
      return {
        kind: "not_sent",
        reason: "it failed several times in a row and is given a rest",
        retryAfterSeconds: Math.ceil(policy.breakerOpenMilliseconds / 1000),
      };
    }
    const { outcome } = end;
    if (outcome.kind === "accepted") note("succeeded", outcome.status);
    else if (outcome.kind === "failed" && isSent) {
      note(outcome.status !== null && outcome.status < 500 ? "refused" : "failed", outcome.status);
    }
    return outcome;
  };
}

function readAnswer({ status, headers }: Response, now: number): End {
  if (status >= 200 && status < 300) {
    return {
      outcome: { kind: "accepted", status },
      repeatable: false,
      retryAfterMilliseconds: null,
      down: false,
    };
  }
  const reason = status >= 300 && status < 400
    ? `it answered with status ${status}: redirects are not followed`
    : `it answered with status ${status}`;
  return fail(reason, status, {
    down: status >= 500,
    retryAfterMilliseconds: readRetryAfter(headers.get("retry-after"), now),
  });
}

function fail(
  reason: string,
  status: number | null,
  { down, retryAfterMilliseconds = null }: {
    down: boolean;
    retryAfterMilliseconds?: number | null;
  },
): End {
  const retryAfterSeconds = retryAfterMilliseconds === null
    ? null
    : Math.ceil(retryAfterMilliseconds / 1000);
  return {
    outcome: { kind: "failed", status, reason, retryAfterSeconds },
    repeatable: false,
    retryAfterMilliseconds,
    down,
  };
}

async function resolveHost(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address }) => address);
}

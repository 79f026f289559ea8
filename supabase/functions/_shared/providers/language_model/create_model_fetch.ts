import type { Clock, RecordProviderCall } from "../../ports.ts";
import type { BeforeAttempt, Policy } from "../resilience/create_policy.ts";
import { createSender, type Fetch } from "../resilience/send_request.ts";
import { readGeminiRefusal } from "./read_gemini_refusal.ts";
import { readOpenaiRefusal } from "./read_openai_refusal.ts";

export type ModelVendor = "gemini" | "openai";

/** What is read of the SDK's request: the production Deno's types of `fetch` know neither by name. */
type SdkRequest = { signal?: AbortSignal | null; body?: unknown };

const ANSWER_LIMIT_BYTES = 4 * 1024 * 1024;
const REFUSALS = { gemini: readGeminiRefusal, openai: readOpenaiRefusal } as const;

/**
 * The `fetch` that the AI SDK is given: its requests go the way of every other provider's, with
 * retries, a circuit per key, limits and counting. What fails is thrown as ProviderError, which the
 * SDK hands on as it is.
 */
export function createModelFetch(
  { vendor, apiKey, operation, policy, record, beforeAttempt, clock, fetch }: {
    vendor: ModelVendor;
    apiKey: string;
    operation: string;
    policy: Policy;
    record: RecordProviderCall;
    beforeAttempt: BeforeAttempt | undefined;
    clock: Clock;
    fetch: Fetch;
  },
): typeof globalThis.fetch {
  return async (input, init) => {
    const url = new URL(String(input));
    const { signal, body } = (init ?? {}) as SdkRequest;
    const send = createSender({
      provider: vendor,
      baseUrl: url.origin,
      headers: vendor === "gemini"
        ? { "x-goog-api-key": apiKey }
        : { authorization: `Bearer ${apiKey}` },
      secrets: [apiKey],
      record,
      ...(signal ? { signal } : {}),
      ...(beforeAttempt ? { beforeAttempt } : {}),
      readRefusal: REFUSALS[vendor],
    }, { policy, fetch, clock });
    const answer = await send({
      operation,
      method: "POST",
      path: url.pathname,
      body: JSON.parse(String(body)),
      // Writing a text twice costs money and changes nothing.
      idempotent: true,
      answerLimitBytes: ANSWER_LIMIT_BYTES,
    });
    return Response.json(answer);
  };
}

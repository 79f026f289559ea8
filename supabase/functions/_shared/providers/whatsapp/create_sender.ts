import * as z from "zod";
import { ProviderError } from "../../errors.ts";
import type { Clock, RecordProviderCall, WhatsappSecrets } from "../../ports.ts";
import type { MessageSender, SendOutcome } from "../../ports_messaging.ts";
import type { Policy } from "../resilience/create_policy.ts";
import { createSender as createRequestSender, type Fetch } from "../resilience/send_request.ts";
import { readGraphRefusal } from "./read_graph_refusal.ts";
import { renderMessage } from "./render_message.ts";

export type WhatsappSenderConfig = {
  baseUrl: string;
  /** As `v26.0`. */
  version: string;
  phoneNumberId: string;
  secrets: WhatsappSecrets;
  /** Of one attempt: whether a message is tried again is for the outbox to decide. */
  policy: Policy;
  record: RecordProviderCall;
  clock?: Clock;
};

const sent = z.looseObject({
  messages: z.array(z.looseObject({ id: z.string().min(1).max(500) })).min(1),
});
const graphCode = z.looseObject({ error: z.looseObject({ code: z.int() }) });
/** What runtimes say when nothing was sent, because nobody could be reached. */
const NOT_CONNECTED =
  /connect error|connection refused|dns error|ECONNREFUSED|ENOTFOUND|EAI_AGAIN/i;

/** Gives messages to the Cloud API, each once, and says exactly what is known of the outcome. */
export function createWhatsappSender(
  config: WhatsappSenderConfig,
  bareFetch: Fetch = globalThis.fetch,
): MessageSender {
  const fetch = tellCause(bareFetch);
  const {
    baseUrl,
    version,
    phoneNumberId,
    secrets,
    policy,
    record,
    clock = Date.now,
  } = config;
  const path = `/${encodeURIComponent(version)}/${encodeURIComponent(phoneNumberId)}/messages`;
  const base = {
    provider: "whatsapp" as const,
    baseUrl,
    headers: { authorization: `Bearer ${secrets.access_token}` },
    secrets: [
      secrets.access_token,
      ...(secrets.app_secret === null ? [] : [secrets.app_secret]),
    ],
    record,
  };

  return {
    async send(message) {
      let code: number | null = null;
      const request = createRequestSender({
        ...base,
        readRefusal(status, body) {
          code = graphCode.safeParse(body).data?.error.code ?? null;
          return readGraphRefusal(status, body);
        },
      }, { policy, fetch, clock });
      try {
        const answer = await request({
          operation: "send_message",
          method: "POST",
          path,
          body: renderMessage(message),
        });
        const parsed = sent.safeParse(answer);
        return parsed.success
          ? { kind: "accepted", wamid: parsed.data.messages[0]!.id }
          : { kind: "undecided", reason: "the answer names no message" };
      } catch (error) {
        return describeFailure(error, code);
      }
    },

    async markRead(wamid, { typing }) {
      const request = createRequestSender({
        ...base,
        readRefusal: readGraphRefusal,
      }, {
        policy,
        fetch,
        clock,
      });
      await request({
        operation: "mark_read",
        method: "POST",
        path,
        body: {
          messaging_product: "whatsapp",
          status: "read",
          message_id: wamid,
          ...(typing ? { typing_indicator: { type: "text" } } : {}),
        },
      }).catch(() => {});
    },
  };
}

/** Newer runtimes say why a connection failed in the error's cause alone. */
function tellCause(fetch: Fetch): Fetch {
  return async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      if (!(error instanceof TypeError) || !(error.cause instanceof Error)) throw error;
      throw new TypeError(`${error.message}: ${error.cause.message}`, { cause: error });
    }
  };
}

function describeFailure(error: unknown, code: number | null): SendOutcome {
  if (!(error instanceof ProviderError)) {
    // It failed before anything was sent, or it is a bug: either way no answer was read.
    return {
      kind: "undecided",
      reason: error instanceof Error ? error.message : "unknown error",
    };
  }
  const { status, reason, failure } = error;
  const retryAfterSeconds = error.retryAfterSeconds ?? null;
  // An error of Graph's own is an answer, whatever the status; so is any refusal below 500.
  if (code !== null || (status !== null && status >= 400 && status < 500)) {
    return { kind: "refused", code, status, reason, retryAfterSeconds };
  }
  const cause = error.cause instanceof Error ? error.cause.message : "";
  const rested = failure === "unavailable" && status === null &&
    error.cause === undefined;
  if (rested || NOT_CONNECTED.test(cause)) {
    return { kind: "not_sent", reason, retryAfterSeconds };
  }
  return { kind: "undecided", reason };
}

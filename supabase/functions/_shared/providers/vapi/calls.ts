import * as z from "zod";
import type { Clock, JsonObject } from "../../ports.ts";
import type { ConnectCalls } from "../../ports_calling.ts";
import { findOrNull } from "../resilience/find_or_null.ts";
import type { Policy } from "../resilience/create_policy.ts";
import { parseAnswer } from "../resilience/parse_answer.ts";
import { createSender, type Fetch } from "../resilience/send_request.ts";
import { readVapiRefusal } from "./read_vapi_refusal.ts";

/** A page of calls has their transcripts. */
const LIST_LIMIT_BYTES = 32 * 1024 * 1024;
/** A call with its transcript, every turn of it included. */
export const CALL_LIMIT_BYTES = 10 * 1024 * 1024;

const answer = z.object({ id: z.string().min(1).max(256), name: z.string().nullish() });

/**
 * `/call`: https://docs.vapi.ai/api-reference/calls/create. A `POST` is sent once: what comes of one
 * whose answer is lost is in the list, by the call's name.
 */
export function createConnectCalls(
  { baseUrl, policy, clock = Date.now }: { baseUrl: string; policy: Policy; clock?: Clock },
  fetch: Fetch = globalThis.fetch,
): ConnectCalls {
  return ({ api_key }, record, { signal } = {}) => {
    const send = createSender({
      provider: "vapi",
      baseUrl,
      headers: { authorization: `Bearer ${api_key}` },
      secrets: [api_key],
      record,
      ...(signal === undefined ? {} : { signal }),
      readRefusal: readVapiRefusal,
    }, { policy, fetch, clock });
    return {
      async placeCall({ assistantId, phoneNumberId, number, name, variables }) {
        const placed = await send({
          operation: "create_call",
          method: "POST",
          path: "/call",
          body: {
            assistantId,
            assistantOverrides: { variableValues: variables },
            phoneNumberId,
            customer: { number },
            name,
          },
        });
        return { id: parseAnswer("vapi", answer, placed, { wrote: true }).id };
      },

      async listCalls({ assistantId, createdAtGe, limit }) {
        const list = await send({
          operation: "list_calls",
          method: "GET",
          path: "/call",
          query: { assistantId, createdAtGe, limit: String(Math.min(limit, 1_000)) },
          answerLimitBytes: LIST_LIMIT_BYTES,
        });
        return parseAnswer("vapi", z.array(answer), list)
          .map(({ id, name }) => ({ id, name: name ?? null }));
      },

      async readCall(id) {
        const call = await findOrNull(send({
          operation: "get_call",
          method: "GET",
          path: `/call/${encodeURIComponent(id)}`,
          answerLimitBytes: CALL_LIMIT_BYTES,
        }));
        if (call === null) return null;
        parseAnswer("vapi", answer.pick({ id: true }), call);
        return call as JsonObject;
      },

      async deleteCall(id) {
        await findOrNull(
          send({
            operation: "delete_call",
            method: "DELETE",
            path: `/call/${encodeURIComponent(id)}`,
          }),
        );
      },
    };
  };
}

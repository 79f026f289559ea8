import type { Clock } from "../../ports.ts";
import type { FetchCall } from "../../ports_calls.ts";
import type { Policy } from "../resilience/create_policy.ts";
import { findOrNull } from "../resilience/find_or_null.ts";
import { createSender, type Fetch } from "../resilience/send_request.ts";
import { CALL_LIMIT_BYTES } from "./calls.ts";
import { readDirection, readStatus } from "./read_call_identity.ts";
import { readObject } from "./read_fields.ts";
import { readReport } from "./read_report.ts";
import { readVapiRefusal } from "./read_vapi_refusal.ts";

/** Reads one call: https://docs.vapi.ai/api-reference/calls/get */
export function createFetchCall(
  { baseUrl, policy, clock = Date.now }: { baseUrl: string; policy: Policy; clock?: Clock },
  fetch: Fetch = globalThis.fetch,
): FetchCall {
  return async ({ api_key }, id, record) => {
    const send = createSender({
      provider: "vapi",
      baseUrl,
      headers: { authorization: `Bearer ${api_key}` },
      secrets: [api_key],
      record,
      readRefusal: readVapiRefusal,
    }, { policy, fetch, clock });
    const call = await findOrNull(send({
      operation: "get_call",
      method: "GET",
      path: `/call/${encodeURIComponent(id)}`,
      answerLimitBytes: CALL_LIMIT_BYTES,
    }));
    if (call === null) return null;
    const { status, type } = readObject(call);
    return {
      status: readStatus(status),
      direction: readDirection(type),
      report: readReport(readObject(call)),
    };
  };
}

import type { AppContext } from "../_shared/http/context.ts";
import { readRawBody } from "../_shared/http/read_raw_body.ts";
import type { LoadShedder } from "../_shared/http/shed_load.ts";
import type { VerifyVapi } from "../_shared/http/verify_vapi.ts";
import type { Clock } from "../_shared/ports.ts";
import type { CallMessages, CallStore } from "../_shared/ports_calls.ts";
import type { SearchKnowledge } from "../_shared/ports_knowledge_sync.ts";
import { receiveCallMessage } from "../_shared/services/receive_call_message.ts";

export type VapiDependencies = {
  calls: CallStore;
  messages: CallMessages;
  verifyVapi: VerifyVapi;
  agentsEnabled: boolean;
  clock: Clock;
  searchKnowledge: SearchKnowledge;
  shedder: Pick<LoadShedder<"vapi">, "enter">;
};

/** A report of a long call repeats every turn of it several times. */
const MAX_BYTES = 10 * 1024 * 1024;

const VAPI_HEADERS = [
  "x-vapi-secret",
  "x-vapi-signature",
  "x-vapi-timestamp",
  "x-signature",
];

/** Whether a request at the function's root is from Vapi, by headers that Meta doesn't send. */
export function comesFromVapi(headers: Headers): boolean {
  return VAPI_HEADERS.some((name) => headers.has(name));
}

/** `POST /vapi`: verify the raw bytes, read them, store or decide, answer. */
export function createVapiHandler(
  { calls, messages, verifyVapi, agentsEnabled, clock, searchKnowledge, shedder }: VapiDependencies,
): (context: AppContext) => Promise<Response> {
  // Said once for as long as the database answers, so that an operator sees an outage's end.
  const connectivity = { confirmed: false };

  const receive = async (context: AppContext) => {
    const { headers } = context.req.raw;
    const rawBody = await readRawBody(context.req.raw, { maxBytes: MAX_BYTES });
    const signer = verifyVapi(headers, rawBody);
    const orgId = signer.kind === "organization" ? signer.orgId : null;
    if (orgId !== null) {
      context.set("logger", context.var.logger.with({ org_id: orgId }));
    }
    const { logger, requestId } = context.var;

    const body = parseJson(rawBody);
    if (body === undefined) {
      await calls.recordUnreadable({
        org_id: orgId,
        reason: "not_json",
        body: rawBody,
      });
      logger.critical("Signed delivery could not be read", {
        bytes: rawBody.byteLength,
      });
      return context.json(messages.render({ kind: "acknowledged" }));
    }
    const answer = await receiveCallMessage({
      calls,
      clock,
      logger,
      agentsEnabled,
      searchKnowledge,
      connectivity,
    }, {
      message: messages.normalise(body),
      signer,
      requestId,
      rawBody,
      copyBody: () => messages.copy(body),
    });
    return context.json(messages.render(answer));
  };

  return async (context) => {
    const leave = shedder.enter(
      "vapi",
      Number(context.req.header("content-length")) || 0,
    );
    try {
      return await receive(context);
    } finally {
      leave();
    }
  };
}

/** Undefined for what is no JSON in UTF-8. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

import { AppError } from "../_shared/errors.ts";
import type { AppContext } from "../_shared/http/context.ts";
import { readRawBody } from "../_shared/http/read_raw_body.ts";
import { createLoadShedder, type LoadShedder } from "../_shared/http/shed_load.ts";
import type { VerifyVapi } from "../_shared/http/verify_vapi.ts";
import type { Clock } from "../_shared/ports.ts";
import type { CallMessage, CallMessages, CallStore } from "../_shared/ports_calls.ts";
import type { AgentDataStore } from "../_shared/ports_agents.ts";
import type { SearchKnowledge } from "../_shared/ports_knowledge_sync.ts";

/** With it come the phone's tools, which no other sender's requests need: the first call loads them. */
const loadReceiver = () => import("../_shared/services/receive_call_message.ts");

export type VapiDependencies = {
  calls: CallStore;
  messages: CallMessages;
  verifyVapi: VerifyVapi;
  agentsEnabled: boolean;
  clock: Clock;
  searchKnowledge: SearchKnowledge;
  agentData: AgentDataStore;
  shedder: Pick<LoadShedder<"vapi">, "enter">;
};

/** A report of a long call repeats every turn of it several times. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Asked while somebody is on the line, and asked once: silence would be all that is heard. */
const QUESTIONS: readonly CallMessage["kind"][] = [
  "assistant-request",
  "tool-calls",
  "transfer-destination-request",
  "handoff-destination-request",
  "knowledge-base-request",
];
/** A question tells the call so far, not every turn of it several times. */
const MAX_QUESTION_BYTES = 1024 * 1024;
const OVERLOADED = new AppError(
  "unavailable",
  "Cannot take the request: too much is being done already",
);

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
  { calls, messages, verifyVapi, agentsEnabled, clock, searchKnowledge, agentData, shedder }:
    VapiDependencies,
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
    const answer = await (await loadReceiver()).receiveCallMessage({
      calls,
      clock,
      logger,
      agentsEnabled,
      searchKnowledge,
      agentData,
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

  const takeIn = createLoadShedder({ limits: { question: 100 }, maxBytes: 8 * 1024 * 1024 });

  /** Too much is being done, but somebody hears the answer: it is made without the database. */
  const answerOverloaded = async (context: AppContext): Promise<Response | null> => {
    const length = Number(context.req.header("content-length")) || 0;
    if (length === 0 || length > MAX_QUESTION_BYTES) return null;
    const leave = takeIn.enter("question", length);
    try {
      const rawBody = await readRawBody(context.req.raw, { maxBytes: MAX_QUESTION_BYTES });
      const signer = verifyVapi(context.req.raw.headers, rawBody);
      const body = parseJson(rawBody);
      const message = body === undefined ? undefined : messages.normalise(body);
      if (message === undefined || !QUESTIONS.includes(message.kind)) return null;
      const { logger, requestId } = context.var;
      const answer = await (await loadReceiver()).receiveCallMessage({
        calls: { ...calls, ingest: () => Promise.reject(OVERLOADED) },
        clock,
        logger,
        agentsEnabled,
        searchKnowledge,
        agentData,
        connectivity,
      }, { message, signer, requestId, rawBody, copyBody: () => messages.copy(body) });
      return context.json(messages.render(answer));
    } finally {
      leave();
    }
  };

  return async (context) => {
    let leave: () => void;
    try {
      leave = shedder.enter("vapi", Number(context.req.header("content-length")) || 0);
    } catch (refused) {
      const answer = await answerOverloaded(context);
      if (answer === null) throw refused;
      return answer;
    }
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

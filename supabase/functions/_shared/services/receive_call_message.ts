import type { Clock } from "../ports.ts";
import type { CallAnswer, CallMessage, CallStore } from "../ports_calls.ts";
import type { SearchKnowledge } from "../ports_knowledge_sync.ts";
import { answerAssistantRequest } from "./answer_assistant_request.ts";
import { answerKnowledgeRequest } from "./answer_knowledge_request.ts";
import { answerTransferRequest } from "./answer_transfer_request.ts";
import { callTools } from "./call_tools.ts";
import type { IngestPorts } from "./ingest_call_message.ts";
import { storeCallEvent, type StoredDelivery } from "./store_call_event.ts";

export type ReceiveCallPorts = IngestPorts & {
  calls: CallStore;
  clock: Clock;
  /** `AGENT_SYSTEM_ENABLED`: false silences agents, storing goes on. */
  agentsEnabled: boolean;
  searchKnowledge: SearchKnowledge;
};

type Receive<Kind extends CallMessage["kind"]> = (
  ports: ReceiveCallPorts,
  delivery: StoredDelivery & { message: CallMessage & { kind: Kind } },
) => Promise<CallAnswer>;

const RECEIVERS: { [Kind in CallMessage["kind"]]: Receive<Kind> } = {
  "assistant-request": answerAssistantRequest,
  "tool-calls": callTools,
  "transfer-destination-request": answerTransferRequest,
  "handoff-destination-request": answerTransferRequest,
  "knowledge-base-request": answerKnowledgeRequest,
  "status-update": storeCallEvent,
  "end-of-call-report": storeCallEvent,
  "transfer-update": storeCallEvent,
  hang: storeCallEvent,
  other: storeCallEvent,
};

/**
 * What a verified message is answered with. Questions are always answered; what only informs is
 * stored first.
 * @throws AppError as `storeCallEvent`
 */
export function receiveCallMessage(
  ports: ReceiveCallPorts,
  delivery: StoredDelivery,
): Promise<CallAnswer> {
  const receive = RECEIVERS[delivery.message.kind] as Receive<
    CallMessage["kind"]
  >;
  return receive(ports, delivery);
}

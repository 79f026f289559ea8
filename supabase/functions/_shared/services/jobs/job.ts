import type { CredentialStore, JobRow, JobStore, RecordProviderCall } from "../../ports.ts";
import type { CallExpiryStore } from "../../ports_calls.ts";
import type { EmbeddingStore } from "../../ports_documents.ts";
import type { Embedder } from "../../ports_knowledge.ts";
import type { PreparePorts } from "../prepare_version.ts";
import type { ConnectKnowledge, KnowledgeSyncStore } from "../../ports_knowledge_sync.ts";
import type { ForwardPorts } from "../forward_deliveries.ts";
import type { AlertEvaluation } from "../../ports_alerts.ts";
import type { DeliverAlertPorts } from "../deliver_alerts.ts";
import type { MetricAggregation } from "../../ports_metrics.ts";
import type { RolloutStore } from "../../ports_rollout.ts";
import type { TurnPorts } from "../run_turn.ts";
import type { PlaceCallPorts } from "../place_call.ts";
import type { ReconcilePorts } from "../reconcile_call.ts";
import type { DriftPorts } from "../check_drift.ts";
import type { UploadPorts } from "../upload_recording.ts";

/** Everything that jobs reach outside; each names what it uses. */
export type JobPorts = DriftPorts & DeliverAlertPorts & {
  connect: ConnectKnowledge;
  knowledgeSync: KnowledgeSyncStore;
  jobs: JobStore;
  credentials: CredentialStore;
  messaging: TurnPorts;
  forwarding: Omit<ForwardPorts, "logger">;
  calls: CallJobPorts;
  knowledge: KnowledgeJobPorts;
  metrics: MetricAggregation;
  alerts: AlertEvaluation;
  rollout: RolloutStore;
};

/** What jobs on documents need beside what every job has. */
export type KnowledgeJobPorts = PreparePorts & {
  embeddings: EmbeddingStore;
  /** Null where no model makes vectors. */
  embedder: Embedder | null;
};

/** What jobs on calls need beside what every job has. */
export type CallJobPorts =
  & Omit<UploadPorts, "logger">
  & Omit<ReconcilePorts, "logger" | "cipher">
  & Pick<PlaceCallPorts, "requests" | "connectCalls">
  & { expiry: CallExpiryStore };

export type JobContext = {
  requestId: string;
  /** Counts a provider's call, unless a record of the work counts it already. */
  record: RecordProviderCall;
};

/**
 * One job kind's work. It must stand being run again: a worker may die after the effect and before
 * the record. Throwing means "try again later"; a ProviderError's `retryAfterSeconds` is kept to.
 */
export type Job<Ports = JobPorts> = (
  ports: Ports,
  job: JobRow,
  context: JobContext,
) => Promise<void>;

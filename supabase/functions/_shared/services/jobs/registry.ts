import type { JobKind } from "../../ports.ts";
import { advanceRolloutJob } from "./advance_rollout.ts";
import { aggregateMetrics } from "./aggregate_metrics.ts";
import { checkDriftJob } from "./check_drift.ts";
import { cleanKnowledge } from "./clean_knowledge.ts";
import { deliverAlertsJob } from "./deliver_alerts.ts";
import { embedKnowledge } from "./embed_knowledge.ts";
import { evaluateAlerts } from "./evaluate_alerts.ts";
import { expireCalls } from "./expire_calls.ts";
import { expireMessages } from "./expire_messages.ts";
import { expireRows } from "./expire_rows.ts";
import { finishTurns } from "./finish_turns.ts";
import { forwardWaiting } from "./forward_deliveries.ts";
import type { Job } from "./job.ts";
import { placeCalls } from "./place_calls.ts";
import { prepareKnowledge } from "./prepare_knowledge.ts";
import { pushQueuedWorkspace } from "./push_workspace.ts";
import { sendOutbox } from "./send_outbox.ts";
import { reconcileCalls } from "./reconcile_calls.ts";
import { syncQueuedKnowledge } from "./sync_knowledge.ts";
import { syncQueuedAgent } from "./sync_agent.ts";
import { uploadRecordings } from "./upload_recordings.ts";
import { verifyCredentials } from "./verify_credentials.ts";

/** A new kind is a file here, a line here, and its name in `JOB_KINDS`. */
export const JOBS = {
  sync_agent: syncQueuedAgent,
  push_workspace: pushQueuedWorkspace,
  verify_credentials: verifyCredentials,
  expire_rows: expireRows,
  check_drift: checkDriftJob,
  upload_recordings: uploadRecordings,
  reconcile_calls: reconcileCalls,
  expire_calls: expireCalls,
  place_calls: placeCalls,
  finish_turns: finishTurns,
  send_outbox: sendOutbox,
  expire_messages: expireMessages,
  prepare_knowledge: prepareKnowledge,
  embed_knowledge: embedKnowledge,
  clean_knowledge: cleanKnowledge,
  sync_knowledge: syncQueuedKnowledge,
  forward_deliveries: forwardWaiting,
  aggregate_metrics: aggregateMetrics,
  advance_rollout: advanceRolloutJob,
  evaluate_alerts: evaluateAlerts,
  deliver_alerts: deliverAlertsJob,
} satisfies Record<JobKind, Job>;

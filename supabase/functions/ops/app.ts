import type { Hono } from "hono";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";
import { FLAGGED_AGENTS } from "../_shared/domain/rollout/parse_flags.ts";
import { addAgentRoutes } from "./agent_routes.ts";
import { addAlertRoutes, type AlertDependencies } from "./alert_routes.ts";
import type { SupervisionDependencies } from "./answer.ts";
import { addConfigRoutes, type ConfigDependencies } from "./config_routes.ts";
import { addConversationRoutes } from "./conversation_routes.ts";
import { addDeadLetterRoutes, type DeadLetterDependencies } from "./dead_letter_routes.ts";
import { addFlagRoutes, type FlagDependencies } from "./flag_routes.ts";
import { addHandOverRoutes } from "./hand_over_routes.ts";
import { addMetricRoutes, type MetricDependencies } from "./metric_routes.ts";
import { addRecordingRoutes, type RecordingDependencies } from "./recording_routes.ts";
import { addRolloutRoutes, type RolloutDependencies } from "./rollout_routes.ts";
import { addTimelineRoutes } from "./timeline_routes.ts";

export type OpsOptions = Omit<AppOptions, "name" | "aliases"> & {
  deadLetters: DeadLetterDependencies;
  recordings: RecordingDependencies;
  supervision: SupervisionDependencies;
  metrics: MetricDependencies;
  alerts: AlertDependencies;
  rollout: FlagDependencies & RolloutDependencies & ConfigDependencies;
};

/** What operators, and an organization's own people, read and change; any other path is not found. */
export function createOps(
  { deadLetters, recordings, supervision, metrics, alerts, rollout, ...options }: OpsOptions,
): Hono<AppEnvironment> {
  const app = createApp({ ...options, name: "ops", domains: FLAGGED_AGENTS });
  addDeadLetterRoutes(app, { ...metrics, ...deadLetters });
  addRecordingRoutes(app, recordings);
  addHandOverRoutes(app, supervision);
  addAgentRoutes(app, supervision);
  addConversationRoutes(app, supervision);
  addMetricRoutes(app, metrics);
  addAlertRoutes(app, alerts);
  addTimelineRoutes(app, { ...metrics, ...supervision });
  addFlagRoutes(app, rollout);
  addRolloutRoutes(app, rollout);
  addConfigRoutes(app, rollout);
  return app;
}

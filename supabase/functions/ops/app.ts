import type { Hono } from "hono";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";
import { addConfigRoutes, type ConfigDependencies } from "./config_routes.ts";
import { addDeadLetterRoutes, type DeadLetterDependencies } from "./dead_letter_routes.ts";
import { addFlagRoutes, type FlagDependencies } from "./flag_routes.ts";
import { addMetricRoutes, type MetricDependencies } from "./metric_routes.ts";
import { addRecordingRoutes, type RecordingDependencies } from "./recording_routes.ts";
import { addRolloutRoutes, type RolloutDependencies } from "./rollout_routes.ts";

export type OpsOptions = Omit<AppOptions, "name" | "aliases"> & {
  deadLetters: DeadLetterDependencies;
  recordings: RecordingDependencies;
  metrics: MetricDependencies;
  rollout: FlagDependencies & RolloutDependencies & ConfigDependencies;
};

/** What operators read and change; any other path is not found. */
export function createOps(
  { deadLetters, recordings, metrics, rollout, ...options }: OpsOptions,
): Hono<AppEnvironment> {
  const app = createApp({ ...options, name: "ops" });
  addDeadLetterRoutes(app, deadLetters);
  addRecordingRoutes(app, recordings);
  addMetricRoutes(app, metrics);
  addFlagRoutes(app, rollout);
  addRolloutRoutes(app, rollout);
  addConfigRoutes(app, rollout);
  return app;
}

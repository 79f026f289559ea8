import type { Hono } from "hono";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";
import { addDeadLetterRoutes, type DeadLetterDependencies } from "./dead_letter_routes.ts";
import { addRecordingRoutes, type RecordingDependencies } from "./recording_routes.ts";

export type OpsOptions = Omit<AppOptions, "name" | "aliases"> & {
  deadLetters: DeadLetterDependencies;
  recordings: RecordingDependencies;
};

/** What operators read and change; any other path is not found. */
export function createOps(
  { deadLetters, recordings, ...options }: OpsOptions,
): Hono<AppEnvironment> {
  const app = createApp({ ...options, name: "ops" });
  addDeadLetterRoutes(app, deadLetters);
  addRecordingRoutes(app, recordings);
  return app;
}

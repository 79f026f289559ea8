import type { Hono } from "hono";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";

export type OpsOptions = Omit<AppOptions, "name" | "aliases">;

/** What operators read and change. So far it answers `GET /health`; any other path is not found. */
export function createOps(options: OpsOptions): Hono<AppEnvironment> {
  return createApp({ ...options, name: "ops" });
}

import type { Hono } from "hono";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";
import { addSyncRoutes, type SyncRouteOptions } from "./sync_routes.ts";

export type KbSyncOptions = Omit<AppOptions, "name" | "aliases"> & {
  sync: SyncRouteOptions;
};

/** The knowledge base: its sync to Vapi. */
export function createKbSync(
  { sync, ...options }: KbSyncOptions,
): Hono<AppEnvironment> {
  const app = createApp({ ...options, name: "kb-sync" });
  addSyncRoutes(app, sync);
  return app;
}

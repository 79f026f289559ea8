import type { Hono } from "hono";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";
import type { RouteOptions } from "./answer.ts";
import { addDocumentRoutes } from "./document_routes.ts";
import { addSearchRoutes } from "./search_routes.ts";
import { addSyncRoutes, type SyncRouteOptions } from "./sync_routes.ts";

export type KbSyncOptions = Omit<AppOptions, "name" | "aliases"> & RouteOptions & {
  sync: Omit<SyncRouteOptions, "verifyUser">;
};

/** The knowledge base: documents, what is found in them, and their sync to Vapi. */
export function createKbSync(
  { ports, verifyUser, sync, ...options }: KbSyncOptions,
): Hono<AppEnvironment> {
  const app = createApp({ ...options, name: "kb-sync" });
  addDocumentRoutes(app, { ports, verifyUser });
  addSearchRoutes(app, { ports, verifyUser });
  addSyncRoutes(app, { ...sync, verifyUser });
  return app;
}

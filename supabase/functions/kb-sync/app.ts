import type { Hono } from "hono";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";

export type KbSyncOptions = Omit<AppOptions, "name" | "aliases">;

/** The knowledge base. So far it answers `GET /health`; any other path is not found. */
export function createKbSync(options: KbSyncOptions): Hono<AppEnvironment> {
  return createApp({ ...options, name: "kb-sync" });
}

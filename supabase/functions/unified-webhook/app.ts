import type { Hono } from "hono";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";

/** The slug that Meta's webhook was given by an ancestor of this service. */
const ALIASES = ["wa-webhook-unified"];

export type UnifiedWebhookOptions = Omit<AppOptions, "name" | "aliases">;

/**
 * What Meta and Vapi send. So far it answers `GET /health`; any other path is not found, so that
 * no delivery is acknowledged before there is a place to store it: Meta sends it again.
 */
export function createUnifiedWebhook(
  options: UnifiedWebhookOptions,
): Hono<AppEnvironment> {
  return createApp({ ...options, name: "unified-webhook", aliases: ALIASES });
}

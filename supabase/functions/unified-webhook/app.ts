import type { Hono } from "hono";
import { FLAGGED_AGENTS } from "../_shared/domain/rollout/parse_flags.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";
import { comesFromVapi, createVapiHandler, type VapiDependencies } from "./vapi_routes.ts";
import {
  comesFromWhatsapp,
  createDeliveryHandler,
  createHandshakeHandler,
  type WhatsappDependencies,
} from "./whatsapp_routes.ts";

/** The slug that Meta's webhook was given by an ancestor of this service. */
const ALIASES = ["wa-webhook-unified"];
/** WhatsApp sends at most 3 MB. */
const MAX_SHAPE_BYTES = 4 * 1024 * 1024;

export type UnifiedWebhookOptions = Omit<AppOptions, "name" | "aliases"> & {
  whatsapp: WhatsappDependencies;
  vapi?: VapiDependencies;
};

/**
 * What Meta and Vapi send, each at a path of its own and both at the root, where headers tell them
 * apart, and the body's shape where they don't. A request that shows neither's headers is judged as
 * Vapi's, and refused there.
 */
export function createUnifiedWebhook(
  { whatsapp, vapi, ...options }: UnifiedWebhookOptions,
): Hono<AppEnvironment> {
  const app = createApp({
    ...options,
    name: "unified-webhook",
    aliases: ALIASES,
    domains: FLAGGED_AGENTS,
  });
  const takeHandshake = createHandshakeHandler(whatsapp);
  const takeDelivery = createDeliveryHandler(whatsapp);
  const takeCall = vapi === undefined ? takeDelivery : createVapiHandler(vapi);

  app.get("/", takeHandshake);
  app.get("/whatsapp", takeHandshake);
  app.post("/whatsapp", takeDelivery);
  if (vapi !== undefined) app.post("/vapi", takeCall);
  app.post("/", async (context) => {
    const { headers } = context.req.raw;
    const [fromWhatsapp, fromVapi] = [comesFromWhatsapp(headers), comesFromVapi(headers)];
    // Headers of both, added on the way by somebody's proxy: what is inside decides.
    const isDelivery = fromWhatsapp && (!fromVapi || await looksLikeDelivery(context.req.raw));
    return isDelivery ? takeDelivery(context) : takeCall(context);
  });
  return app;
}

/** Reads a copy: whoever takes the request verifies the bytes as they came. */
async function looksLikeDelivery(request: Request): Promise<boolean> {
  if (!(Number(request.headers.get("content-length")) <= MAX_SHAPE_BYTES)) return false;
  try {
    const body: unknown = await request.clone().json();
    return typeof body === "object" && body !== null && "object" in body &&
      body.object === "whatsapp_business_account";
  } catch {
    return false;
  }
}

import type { Hono } from "hono";
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

export type UnifiedWebhookOptions = Omit<AppOptions, "name" | "aliases"> & {
  whatsapp: WhatsappDependencies;
  vapi?: VapiDependencies;
};

/**
 * What Meta and Vapi send, each at a path of its own and both at the root, where headers tell them
 * apart. A request that shows neither's is judged as Vapi's, and refused there.
 */
export function createUnifiedWebhook(
  { whatsapp, vapi, ...options }: UnifiedWebhookOptions,
): Hono<AppEnvironment> {
  const app = createApp({
    ...options,
    name: "unified-webhook",
    aliases: ALIASES,
  });
  const takeHandshake = createHandshakeHandler(whatsapp);
  const takeDelivery = createDeliveryHandler(whatsapp);
  const takeCall = vapi === undefined ? takeDelivery : createVapiHandler(vapi);

  app.get("/", takeHandshake);
  app.get("/whatsapp", takeHandshake);
  app.post("/whatsapp", takeDelivery);
  if (vapi !== undefined) app.post("/vapi", takeCall);
  app.post("/", (context) => {
    const { headers } = context.req.raw;
    return comesFromWhatsapp(headers) && !comesFromVapi(headers)
      ? takeDelivery(context)
      : takeCall(context);
  });
  return app;
}

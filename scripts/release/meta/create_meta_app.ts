import * as z from "zod";
import { ReleaseError } from "../release_error.ts";

const TIMEOUT_MILLISECONDS = 20_000;
const OBJECT = "whatsapp_business_account";

const subscriptionsSchema = z.object({
  data: z.array(z.object({
    object: z.string(),
    callback_url: z.string(),
    active: z.boolean(),
    fields: z.array(z.object({ name: z.string() })).default([]),
  })),
});
const successSchema = z.object({ success: z.literal(true) });
const errorSchema = z.object({ error: z.object({ message: z.string(), code: z.number() }) });

export type AppWebhook = { callbackUrl: string; isActive: boolean; fields: string[] };

/** A Meta app as its owner steers it: where its WhatsApp webhooks go. */
export type MetaApp = {
  /** Null where none is registered. */
  readWebhook(): Promise<AppWebhook | null>;
  /** Meta asks the address for its handshake at once, and refuses one that doesn't answer it. */
  registerWebhook(webhook: { callbackUrl: string; verifyToken: string }): Promise<void>;
};

/**
 * The app by its own access token, which is its id and its secret and never leaves the header. Each call
 * throws ReleaseError: `unauthorized`, `refused` with Meta's reason, or `unreachable`.
 * https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
 */
export function createMetaApp(
  { appId, appSecret, graphUrl, version }: {
    appId: string;
    appSecret: string;
    graphUrl: string;
    /** As `v26.0`. */
    version: string;
  },
  fetch: typeof globalThis.fetch = globalThis.fetch,
): MetaApp {
  async function call<T>(
    schema: z.ZodType<T>,
    { action, body }: { action: string; body?: Record<string, string> },
  ): Promise<T> {
    let response: Response;
    let answer: unknown;
    try {
      response = await fetch(`${graphUrl}/${version}/${encodeURIComponent(appId)}/subscriptions`, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          authorization: `Bearer ${appId}|${appSecret}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      answer = await response.json();
    } catch (error) {
      throw new ReleaseError("unreachable", `Cannot ${action}: no answer of Meta`, {
        cause: error,
      });
    }
    const parsed = schema.safeParse(answer);
    if (response.ok && parsed.success) return parsed.data;
    const refusal = errorSchema.safeParse(answer);
    if (!refusal.success) {
      throw new ReleaseError("unreachable", `Cannot ${action}: answered ${response.status}`);
    }
    const { code, message } = refusal.data.error;
    throw new ReleaseError(
      code === 190 ? "unauthorized" : response.status >= 500 ? "unreachable" : "refused",
      `Cannot ${action}: ${message} (code ${code})`,
    );
  }

  return {
    async readWebhook() {
      const { data } = await call(subscriptionsSchema, {
        action: `read the webhook of Meta's app "${appId}"`,
      });
      const found = data.find(({ object }) => object === OBJECT);
      if (found === undefined) return null;
      return {
        callbackUrl: found.callback_url,
        isActive: found.active,
        fields: found.fields.map(({ name }) => name),
      };
    },
    async registerWebhook({ callbackUrl, verifyToken }) {
      await call(successSchema, {
        action: `point Meta's app "${appId}" at "${callbackUrl}"`,
        body: {
          object: OBJECT,
          callback_url: callbackUrl,
          verify_token: verifyToken,
          fields: "messages",
          include_values: "true",
        },
      });
    },
  };
}

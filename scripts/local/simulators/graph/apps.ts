import * as z from "zod";
import { GraphError } from "./graph_error.ts";

/** A Meta app and the webhooks that it has registered, by the object they are about. */
export type GraphApp = {
  id: string;
  secret: string;
  subscriptions: Record<string, AppSubscription>;
};
export type AppSubscription = {
  object: string;
  callback_url: string;
  active: boolean;
  fields: { name: string; version: string }[];
};

/** What a WhatsApp business account's webhook can be about. */
const FIELDS = [
  "account_alerts",
  "account_review_update",
  "account_update",
  "business_capability_update",
  "flows",
  "history",
  "message_template_quality_update",
  "message_template_status_update",
  "messages",
  "phone_number_name_update",
  "phone_number_quality_update",
  "security",
  "smb_app_state_sync",
  "smb_message_echoes",
  "template_category_update",
];

const registration = z.object({
  object: z.enum(["whatsapp_business_account", "user", "page", "permissions"]),
  callback_url: z.url(),
  verify_token: z.string().min(1),
  fields: z.union([z.array(z.string()), z.string().transform((list) => list.split(","))])
    .transform((names) => names.map((name) => name.trim()).filter((name) => name !== "")),
  include_values: z.unknown().optional(),
});

/**
 * The app of an app access token, `<app id>|<app secret>`; null where the token is of another kind.
 * Throws `GraphError` 190 for a wrong secret.
 */
export function readAppToken(token: string, apps: Map<string, GraphApp>): GraphApp | null {
  const [, id, secret] = /^(\d+)\|(.+)$/.exec(token) ?? [];
  if (id === undefined) return null;
  const app = apps.get(id);
  if (app === undefined || app.secret !== secret) {
    throw new GraphError(401, 190, "Invalid OAuth access token signature.");
  }
  return app;
}

/**
 * Registers a webhook as Meta does: not before the address has answered its handshake.
 * https://developers.facebook.com/docs/graph-api/reference/app/subscriptions
 */
export async function subscribeApp(app: GraphApp, body: unknown, version: string): Promise<void> {
  const parsed = registration.safeParse(body);
  if (!parsed.success) {
    const name = parsed.error.issues[0]?.path.join(".") ?? "body";
    throw new GraphError(400, 100, `(#100) The parameter ${name} is required or not valid`);
  }
  const { object, callback_url, verify_token, fields } = parsed.data;
  const url = new URL(callback_url);
  // Meta takes https alone; this machine's own addresses have no certificate.
  if (url.protocol !== "https:" && url.hostname !== "127.0.0.1") {
    throw new GraphError(400, 2200, "(#2200) callback_url must use https");
  }
  const unknown = fields.find((field) =>
    object === "whatsapp_business_account" && !FIELDS.includes(field)
  );
  if (unknown !== undefined || fields.length === 0) {
    throw new GraphError(400, 100, `(#100) Invalid parameter: fields "${unknown ?? ""}"`);
  }
  await shakeHands(url, verify_token);
  const known = app.subscriptions[object]?.fields ?? [];
  const added = fields.map((name) => ({ name, version }));
  app.subscriptions[object] = {
    object,
    callback_url,
    active: true,
    // What was there stays: fields are added to.
    fields: [...known.filter(({ name }) => !fields.includes(name)), ...added],
  };
}

async function shakeHands(callback: URL, token: string): Promise<void> {
  const challenge = String(crypto.getRandomValues(new Uint32Array(1))[0]);
  const url = new URL(callback);
  url.searchParams.set("hub.mode", "subscribe");
  url.searchParams.set("hub.challenge", challenge);
  url.searchParams.set("hub.verify_token", token);
  const fail = (reason: string) =>
    new GraphError(
      400,
      2200,
      `(#2200) Callback verification failed with the following errors: ${reason}`,
    );
  let status: number;
  let text: string;
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    [status, text] = [response.status, await response.text()];
  } catch {
    throw fail("Could not connect");
  }
  if (status !== 200) throw fail(`HTTP Status Code = ${status}`);
  if (text !== challenge) {
    throw fail("The URL couldn't be validated. Response does not match challenge");
  }
}

import { createHmac, randomUUID } from "node:crypto";
import { ReleaseError } from "../release_error.ts";

type Ports = { fetch: typeof globalThis.fetch };
type Webhook = { projectUrl: string };

const fail = (action: string, reason: string) =>
  new ReleaseError("failed", `Cannot ${action}: ${reason}`);

async function request(
  { fetch }: Ports,
  { action, url, init = {} }: { action: string; url: string; init?: RequestInit },
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(15_000) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new ReleaseError("unreachable", `Cannot ${action}: no answer of ${new URL(url).host}`, {
      cause: error,
    });
  }
}

const short = (text: string) => text.replace(/\s+/g, " ").slice(0, 200);

/** Meta's question whether the address is ours. @throws ReleaseError */
export async function proveHandshake(
  ports: Ports,
  { projectUrl, verifyToken }: Webhook & { verifyToken: string },
): Promise<void> {
  const action = "shake hands as Meta does";
  const challenge = randomUUID();
  const query = new URLSearchParams({
    "hub.mode": "subscribe",
    "hub.verify_token": verifyToken,
    "hub.challenge": challenge,
  });
  const url = `${projectUrl}/functions/v1/unified-webhook/whatsapp?${query}`;
  const { status, text } = await request(ports, { action, url });
  if (status === 200 && text === challenge) return;
  throw fail(action, status === 403 ? "WA_VERIFY_TOKEN is another one there" : `${status}`);
}

export type Canary = {
  phone_number_id: string;
  business_account_id: string;
  display_phone_number: string;
  from: string;
  text: string;
};

/** A delivery for the canary, as Meta writes it, with an id of its own. */
export function writeCanaryDelivery(
  { phone_number_id, business_account_id, display_phone_number, from, text }: Canary,
  { now }: { now: number },
): { wamid: string; body: string } {
  const wamid = `wamid.canary.${randomUUID()}`;
  const timestamp = String(Math.floor(now / 1_000));
  const value = {
    messaging_product: "whatsapp",
    metadata: { display_phone_number, phone_number_id },
    contacts: [{ profile: { name: "Canary" }, wa_id: from }],
    messages: [{ from, id: wamid, timestamp, type: "text", text: { body: text } }],
  };
  const body = JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{ id: business_account_id, changes: [{ field: "messages", value }] }],
  });
  return { wamid, body };
}

/** Posts it signed, as Meta does, or without a signature. @throws ReleaseError `unreachable` */
function deliver(
  ports: Ports,
  { projectUrl, body, action, headers }: Webhook & {
    body: string;
    action: string;
    headers: Record<string, string>;
  },
) {
  return request(ports, {
    action,
    url: `${projectUrl}/functions/v1/unified-webhook/whatsapp`,
    init: { method: "POST", headers: { "content-type": "application/json", ...headers }, body },
  });
}

/** @throws ReleaseError `failed` where it isn't acknowledged */
export async function proveDelivery(
  ports: Ports,
  { projectUrl, body, appSecret }: Webhook & { body: string; appSecret: string },
): Promise<void> {
  const action = "deliver a signed message";
  const signature = createHmac("sha256", appSecret).update(body).digest("hex");
  const headers = { "x-hub-signature-256": `sha256=${signature}` };
  const { status, text } = await deliver(ports, { projectUrl, body, action, headers });
  if (status === 200) return;
  throw fail(
    action,
    status === 401 ? "WHATSAPP_APP_SECRET is another one there" : `${status} ${short(text)}`,
  );
}

/** @throws ReleaseError `failed` where it isn't refused */
export async function proveRefusals(
  ports: Ports,
  { projectUrl, body }: Webhook & { body: string },
): Promise<void> {
  const unsigned = await deliver(ports, {
    projectUrl,
    body,
    action: "deliver an unsigned message",
    headers: { "x-hub-signature-256": `sha256=${"0".repeat(64)}` },
  });
  if (unsigned.status !== 401) {
    throw fail("trust the webhook", `a wrongly signed delivery was answered ${unsigned.status}`);
  }
  const bare = await deliver(ports, {
    projectUrl,
    body,
    action: "deliver an unsigned message",
    headers: {},
  });
  if (bare.status !== 401) {
    throw fail("trust the webhook", `an unsigned delivery was answered ${bare.status}`);
  }
  const call = await request(ports, {
    action: "send an event as Vapi does",
    url: `${projectUrl}/functions/v1/unified-webhook/vapi`,
    init: {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message: { type: "status-update", status: "ended" } }),
    },
  });
  if (call.status !== 401) {
    throw fail("trust the webhook", `a Vapi event without its secret was answered ${call.status}`);
  }
}

import { createHmac, randomUUID } from "node:crypto";
import { LOCAL_SECRETS } from "../../scripts/local/function_environment.ts";
import { callFunction } from "./call_function.ts";
import { createTenant, type Tenant, workspaceBody } from "./create_tenant.ts";
import { queryDatabase } from "./query_database.ts";

export const APP_SECRET = LOCAL_SECRETS.WHATSAPP_APP_SECRET;

export type TestMessage = {
  id?: string;
  from?: string | null;
  userId?: string;
  text?: string;
  type?: string;
  /** Seconds since 1970. */
  timestamp?: number;
  [part: string]: unknown;
};

/** `wamid.…`, never the same twice. */
export function createWamid(): string {
  return `wamid.${btoa(randomUUID())}`;
}

/** A message as WhatsApp writes it; a text unless `type` and its part say otherwise. */
export function writeMessage(
  {
    id = createWamid(),
    from = "16505551234",
    userId,
    text = "hello",
    type = "text",
    timestamp,
    ...rest
  }: TestMessage = {},
): Record<string, unknown> {
  return {
    ...(from === null ? {} : { from }),
    ...(userId === undefined ? {} : { from_user_id: userId }),
    id,
    timestamp: String(timestamp ?? Math.floor(Date.now() / 1000)),
    type,
    ...(type === "text" ? { text: { body: text } } : {}),
    ...rest,
  };
}

/** A delivery of one change for one number. */
export function writeDelivery(
  phoneNumberId: string,
  value: { messages?: unknown[]; statuses?: unknown[]; contacts?: unknown[]; errors?: unknown[] },
): string {
  return JSON.stringify({
    object: "whatsapp_business_account",
    entry: [{
      id: "200000000000001",
      changes: [{
        field: "messages",
        value: {
          messaging_product: "whatsapp",
          metadata: { display_phone_number: "15550783881", phone_number_id: phoneNumberId },
          ...value,
        },
      }],
    }],
  });
}

export function signDelivery(body: string | Uint8Array, secret: string = APP_SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** Posts a signed delivery through the gateway, as Meta does. */
export function deliver(
  body: string | Uint8Array,
  { secret, path = "unified-webhook/whatsapp", headers = {} }: {
    secret?: string;
    path?: string;
    headers?: Record<string, string>;
  } = {},
) {
  return callFunction(path, {
    body,
    headers: { "x-hub-signature-256": signDelivery(body, secret), ...headers },
  });
}

/** A tenant with a WhatsApp number that is connected, and whose contacts are all in the rollout. */
export async function createWhatsappTenant(
  { appSecret, isInRollout = true }: { appSecret?: string; isInRollout?: boolean } = {},
): Promise<Tenant & { phoneNumberId: string }> {
  const tenant = await createTenant();
  const body = Object.fromEntries(
    Object.entries(workspaceBody(tenant.accounts)).filter(([name]) => name.startsWith("whatsapp")),
  );
  const saved = await callFunction("workspace-save/", {
    token: tenant.owner.token,
    body: appSecret === undefined ? body : { ...body, whatsapp_app_secret: appSecret },
  });
  const [row] = await queryDatabase<{ connected: boolean }>(
    `select connected from public.integrations
     where org_id = $1::text::uuid and provider = 'whatsapp'`,
    [tenant.orgId],
  );
  if (row?.connected !== true) throw new Error(`Cannot connect WhatsApp: ${saved.text}`);
  if (isInRollout) await setRollout(tenant.orgId, 100);
  return { ...tenant, phoneNumberId: tenant.accounts.whatsapp.phoneNumberId };
}

/** The share of one organization's contacts that is inside, whatever the others' is. */
export async function setRollout(orgId: string, percent: number): Promise<void> {
  await queryDatabase(
    `update public.app_config
     set value = jsonb_set(
       jsonb_set(value, '{overrides}', coalesce(value -> 'overrides', '{}')),
       array['overrides', $1], jsonb_build_object('unifiedServiceRolloutPercent', $2::text::int)
     )
     where key = 'unified_service_flags'`,
    [orgId, percent],
  );
}

/** Asks again until the answer is there. Throws with the last one when it takes too long. */
export async function eventually<Answer>(
  ask: () => Promise<Answer>,
  isThere: (answer: Answer) => boolean,
  { milliseconds = 60_000 }: { milliseconds?: number } = {},
): Promise<Answer> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (performance.now() > deadline) {
      throw new Error(
        `Cannot wait any longer: the last answer was ${JSON.stringify(answer).slice(0, 1000)}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

import type { WhatsappPublicConfig } from "../ports.ts";
import { readPublicConfig } from "./open_workspace.ts";
import { subscribeWebhook } from "./subscribe_webhook.ts";
import {
  failStep,
  type PushPorts,
  type PushWorkspaceInput,
  skipStep,
  type WorkspaceStep,
} from "./workspace_step.ts";

/**
 * Subscribes our app to the business account. Moving to another one unsubscribes from the old at
 * the same time; what stays of it there is no reason to fail.
 */
export async function subscribeWorkspace(
  ports: PushPorts,
  { held, before, now, mentioned }: PushWorkspaceInput,
  signal: AbortSignal,
): Promise<WorkspaceStep> {
  const { whatsapp: credentials } = now;
  if (credentials === undefined) return skipStep(false);
  const known: Partial<WhatsappPublicConfig> = readPublicConfig(held.integrations, "whatsapp");
  const previous = before.whatsapp;
  const isKept = previous?.business_account_id === credentials.business_account_id &&
    previous.access_token === credentials.access_token;
  const subscribed = isKept && known.subscribed_at !== undefined;
  const failed = known.push_error !== undefined;
  if (subscribed && !failed && !mentioned.includes("whatsapp")) return skipStep(true);

  const { access_token, app_secret, business_account_id: businessAccountId } = credentials;
  const whatsapp = ports.connect.whatsapp({ access_token, app_secret }, held.record, { signal });
  try {
    const [made, released] = await Promise.allSettled([
      subscribeWebhook(whatsapp, { businessAccountId, subscribed }),
      previous === undefined || previous.business_account_id === businessAccountId
        ? Promise.resolve()
        : ports.connect.whatsapp(previous, held.record, { signal })
          .unsubscribe(previous.business_account_id),
    ]);
    if (released.status === "rejected") {
      ports.logger.warn("Previous business account not unsubscribed", { error: released.reason });
    }
    if (made.status === "rejected") throw made.reason;
    const subscribed_at = subscribed && known.subscribed_at !== undefined
      ? known.subscribed_at
      : new Date(ports.clock()).toISOString();
    return {
      done: true,
      warnings: [],
      patches: [{
        provider: "whatsapp",
        public_config_patch: { subscribed_at, ...(failed ? { push_error: null } : {}) },
      }],
    };
  } catch (error) {
    ports.logger.error("Webhook not subscribed", { error });
    return failStep("webhookSubscribed", "whatsapp", error);
  }
}

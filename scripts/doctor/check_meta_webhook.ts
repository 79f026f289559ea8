import { type AppWebhook, createMetaApp } from "../release/meta/create_meta_app.ts";
import { ReleaseError } from "../release/release_error.ts";
import { fail, type Finding, pass, skip } from "./finding.ts";
import { findCure } from "./find_cure.ts";
import { type Project, readSecret } from "./project.ts";

const CONSOLE = "https://developers.facebook.com/apps > your app > WhatsApp > Configuration";

/** Our functions' addresses for WhatsApp; Meta may have been given any of them. */
export function listWebhookUrls(projectUrl: string): string[] {
  const base = `${projectUrl}/functions/v1`;
  return [
    `${base}/unified-webhook/whatsapp`,
    `${base}/unified-webhook`,
    `${base}/wa-webhook-unified`,
  ];
}

/** Where Meta delivers, and whether messages are part of it. */
export function judgeWebhook(webhook: AppWebhook | null, projectUrl: string): Finding[] {
  const [wanted, ...others] = listWebhookUrls(projectUrl);
  const check = "meta webhook";
  const cure =
    `${CONSOLE}: callback URL ${wanted}, verify token as WA_VERIFY_TOKEN, field messages`;
  if (webhook === null) return [fail(check, "no webhook is registered for WhatsApp", cure)];
  const { callbackUrl, isActive, fields } = webhook;
  if (callbackUrl !== wanted && !others.includes(callbackUrl)) {
    return [fail(check, `Meta delivers to "${callbackUrl}"`, cure)];
  }
  if (!isActive) return [fail(check, "the webhook is registered and not active", cure)];
  if (!fields.includes("messages")) {
    return [fail(check, "the webhook gets no messages: the field isn't subscribed", cure)];
  }
  return [pass(check, `Meta delivers to ${callbackUrl}`)];
}

export async function checkMetaWebhook(project: Project): Promise<Finding[]> {
  const { target, metaAppId, fetch } = project;
  const check = "meta webhook";
  const appSecret = readSecret(project, "WHATSAPP_APP_SECRET")?.split(",")[0]?.trim();
  if (metaAppId === null) {
    const cure = "--meta-app-id <id>: https://developers.facebook.com/apps shows it";
    return [skip(check, "the app isn't known", cure)];
  }
  if (!appSecret) {
    const cure = findCure("WHATSAPP_APP_SECRET");
    return [skip(check, "the app's secret isn't known here", cure)];
  }
  const app = createMetaApp({
    appId: metaAppId,
    appSecret,
    graphUrl: readSecret(project, "WHATSAPP_GRAPH_URL") ?? "https://graph.facebook.com",
    version: readSecret(project, "WHATSAPP_GRAPH_VERSION") ?? "v26.0",
  }, fetch);
  try {
    return judgeWebhook(await app.readWebhook(), target.projectUrl);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return [fail(check, error.message, findCure("WHATSAPP_APP_SECRET"))];
  }
}

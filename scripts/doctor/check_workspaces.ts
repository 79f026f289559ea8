import { AppError, ProviderError } from "../../supabase/functions/_shared/errors.ts";
import { VARIABLES } from "../../supabase/functions/_shared/env.ts";
import type { Credentials } from "../../supabase/functions/_shared/domain/workspace/complete_credentials.ts";
import { createLogger } from "../../supabase/functions/_shared/log.ts";
import type { Connect, ProviderName } from "../../supabase/functions/_shared/ports.ts";
import { createConnect } from "../../supabase/functions/_shared/providers/create_connect.ts";
import { createCredentialCipher } from "../../supabase/functions/_shared/providers/supabase/credential_cipher.ts";
import { createCredentialStore } from "../../supabase/functions/_shared/providers/supabase/credential_store.ts";
import { createDatabase } from "../../supabase/functions/_shared/providers/supabase/create_database.ts";
import { createWorkspaceStore } from "../../supabase/functions/_shared/providers/supabase/workspace_store.ts";
import { checkCredentials } from "../../supabase/functions/_shared/services/check_credentials.ts";
import { mapConcurrently } from "../../supabase/functions/_shared/services/map_concurrently.ts";
import { openCredentials } from "../../supabase/functions/_shared/services/open_credentials.ts";
import { buildWebhookUrl } from "../../supabase/functions/_shared/services/render_desired.ts";
import { checkVapiServer } from "./check_vapi_server.ts";
import { fail, type Finding, pass, skip } from "./finding.ts";
import { findCure } from "./find_cure.ts";
import { NO_SECRET_KEY, type Project, readSecret } from "./project.ts";

/** More organizations than that are asked for by the worker alone, hour by hour. */
const MOST_CREDENTIALS = 300;
const AT_ONCE = 5;

const SAVE_AGAIN = "save the workspace again with credentials that are valid (workspace-save)";

export type WorkspacesReport = {
  findings: Finding[];
  /** The Meta app that organizations without one of their own are subscribed to. */
  metaAppId: string | null;
};

/** Every organization's providers: whether its credentials still open, and lead to us. */
export async function checkWorkspaces(
  project: Omit<Project, "metaAppId">,
): Promise<WorkspacesReport> {
  const check = "credentials";
  const skipped = (detail: string, cure: string): WorkspacesReport => ({
    findings: [skip(check, detail, cure)],
    metaAppId: null,
  });
  const { target } = project;
  if (target.secretKey === null) {
    return skipped("nobody can be asked without a secret key", NO_SECRET_KEY);
  }
  const keys = VARIABLES.CREDENTIAL_KEYS.schema
    .safeParse(readSecret(project, "CREDENTIAL_KEYS") ?? "");
  if (!keys.success) {
    return skipped(
      "stored credentials can't be opened here without CREDENTIAL_KEYS",
      `put the project's into the environment file; a new project's: ${
        findCure("CREDENTIAL_KEYS")
      }`,
    );
  }
  const database = createDatabase({
    supabaseUrl: target.projectUrl,
    secretKey: target.secretKey,
    timeoutMilliseconds: 10_000,
  });
  const ports: Ports = {
    credentials: createCredentialStore(database),
    workspace: createWorkspaceStore(database),
    cipher: createCredentialCipher(keys.data),
    connect: connectFor(project),
    webhookUrl: buildWebhookUrl(
      readSecret(project, "PUBLIC_FUNCTIONS_URL") ?? `${target.projectUrl}/functions/v1`,
    ),
  };
  const listed = await ports.credentials.listCredentials({
    after: null,
    limit: MOST_CREDENTIALS,
    except_key_id: "",
  });
  const metaAppIds = new Set<string>();
  const findings: Finding[] = [];
  await mapConcurrently(listed, AT_ONCE, async ({ org_id, provider }) => {
    findings.push(...await checkIntegration(ports, { org_id, provider, metaAppIds }));
  });
  const more = listed.length === MOST_CREDENTIALS ? ", the first ones" : "";
  if (!findings.some(({ state }) => state === "failed")) {
    findings.push(pass(check, `${listed.length} are valid${more}`));
  }
  return { findings, metaAppId: metaAppIds.size === 1 ? [...metaAppIds][0]! : null };
}

type Ports = {
  credentials: ReturnType<typeof createCredentialStore>;
  workspace: ReturnType<typeof createWorkspaceStore>;
  cipher: ReturnType<typeof createCredentialCipher>;
  connect: Connect;
  webhookUrl: string;
};

function connectFor(project: Omit<Project, "metaAppId">): Connect {
  const address = (name: "VAPI_API_URL" | "TWILIO_API_URL" | "WHATSAPP_GRAPH_URL") =>
    readSecret(project, name) ?? VARIABLES[name].fallback?.(() => undefined) ?? "";
  return createConnect({
    vapiUrl: address("VAPI_API_URL"),
    twilioUrl: address("TWILIO_API_URL"),
    whatsappGraphUrl: address("WHATSAPP_GRAPH_URL"),
    whatsappGraphVersion: readSecret(project, "WHATSAPP_GRAPH_VERSION") ?? "v26.0",
    policy: { attempts: 2 },
  });
}

async function checkIntegration(
  ports: Ports,
  { org_id, provider, metaAppIds }: {
    org_id: string;
    provider: ProviderName;
    metaAppIds: Set<string>;
  },
): Promise<Finding[]> {
  const check = `${provider} of ${org_id}`;
  try {
    const stored = await ports.credentials.readCredential({ org_id, provider });
    if (stored.code === "not_connected") return [];
    const opened = await openCredentials(ports.cipher, org_id, { provider, ...stored });
    const outcomes = await checkCredentials({
      connect: ports.connect,
      record: () => {},
      logger: createLogger({ functionName: "doctor", level: "CRITICAL" }),
    }, opened);
    const outcome = outcomes[provider];
    if (outcome?.outcome === "failed") {
      return outcome.errors.map(({ detail }) => fail(check, detail, SAVE_AGAIN));
    }
    if (outcome?.outcome === "unreachable") {
      const cure = "ask again: the provider gave no verdict";
      return [skip(check, outcome.error.message, cure)];
    }
    return [
      ...await checkSubscription(ports, { check, opened, metaAppIds }),
      ...await checkVapiServer(ports, { check, org_id, opened, stored: stored.public_config }),
    ];
  } catch (error) {
    if (error instanceof AppError && error.code === "misconfigured") {
      const cure = "CREDENTIAL_KEYS here have to be the project's, older ones included";
      return [fail(check, error.message, cure)];
    }
    if (!(error instanceof ProviderError)) throw error;
    return [fail(check, error.message, SAVE_AGAIN)];
  }
}

/** Whether Meta gives the account's messages to an app at all. */
async function checkSubscription(
  { connect }: Pick<Ports, "connect">,
  { check, opened: { whatsapp }, metaAppIds }: {
    check: string;
    opened: Credentials;
    metaAppIds: Set<string>;
  },
): Promise<Finding[]> {
  if (whatsapp === undefined) return [];
  const { access_token, app_secret, business_account_id } = whatsapp;
  const subscriptions = await connect.whatsapp({ access_token, app_secret }, () => {})
    .readSubscriptions(business_account_id);
  if (subscriptions.length === 0) {
    const detail = `no app is subscribed to business account "${business_account_id}"`;
    return [
      fail(check, detail, "save the workspace again, or wait for the worker's push_workspace"),
    ];
  }
  // One's own app has a webhook of its own.
  if (app_secret === null) { for (const { app_id } of subscriptions) metaAppIds.add(app_id); }
  return [];
}

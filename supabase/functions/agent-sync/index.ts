import { chooseServiceKeys, findUnusable, readEnvironment } from "../_shared/env.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createUserVerifier } from "../_shared/http/verify_user.ts";
import { createLogger } from "../_shared/log.ts";
import { createConnect } from "../_shared/providers/create_connect.ts";
import { createAgentStore } from "../_shared/providers/supabase/agent_store.ts";
import { createAgentSyncStore } from "../_shared/providers/supabase/agent_sync_store.ts";
import { createDatabase } from "../_shared/providers/supabase/create_database.ts";
import { createCredentialCipher } from "../_shared/providers/supabase/credential_cipher.ts";
import { createHealthStore } from "../_shared/providers/supabase/health_store.ts";
import { createReadinessStore } from "../_shared/providers/supabase/readiness_store.ts";
import { createRequestStore } from "../_shared/providers/supabase/request_store.ts";
import { createWorkspaceStore } from "../_shared/providers/supabase/workspace_store.ts";
import { SCHEMA_VERSION, VERSION } from "../_shared/version.ts";
import { createAgentSync } from "./app.ts";

const environment = readEnvironment([
  "SUPABASE_URL",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_SERVICE_ROLE_KEY",
  "SUPABASE_JWKS",
  "LEGACY_JWT_SECRET",
  "CREDENTIAL_KEYS",
  "VAPI_WEBHOOK_SECRET",
  "AGENT_LOG_LEVEL",
  "AGENT_RETRY_ATTEMPTS",
  "PUBLIC_FUNCTIONS_URL",
  "VAPI_API_URL",
  "TWILIO_API_URL",
  "WHATSAPP_GRAPH_URL",
  "WHATSAPP_GRAPH_VERSION",
  "DASHBOARD_ORIGINS",
  "PROVIDER_RETRY_BASE_MILLISECONDS",
]);
const database = createDatabase({
  supabaseUrl: environment.SUPABASE_URL,
  secretKey: chooseServiceKeys(environment).serviceKey,
});

const app = createAgentSync({
  logger: createLogger({
    functionName: "agent-sync",
    level: environment.AGENT_LOG_LEVEL,
  }),
  version: VERSION,
  dashboardOrigins: environment.DASHBOARD_ORIGINS,
  readHealth: createHealthStore(database).readHealth,
  readiness: {
    ...createReadinessStore(database),
    requireSecretKey: createSecretKeyCheck(chooseServiceKeys(environment)),
    unusable: findUnusable(["CREDENTIAL_KEYS", "VAPI_WEBHOOK_SECRET"]),
    schemaVersion: SCHEMA_VERSION,
  },
  verifyUser: createUserVerifier({
    jwksUrl: `${environment.SUPABASE_URL}/auth/v1/.well-known/jwks.json`,
    jwks: environment.SUPABASE_JWKS,
    legacySecret: environment.LEGACY_JWT_SECRET,
  }),
  ports: {
    requests: createRequestStore(database),
    agents: createAgentSyncStore(database),
    behavior: createAgentStore(database),
    workspace: createWorkspaceStore(database),
    cipher: createCredentialCipher(environment.CREDENTIAL_KEYS),
    connect: createConnect({
      vapiUrl: environment.VAPI_API_URL,
      twilioUrl: environment.TWILIO_API_URL,
      whatsappGraphUrl: environment.WHATSAPP_GRAPH_URL,
      whatsappGraphVersion: environment.WHATSAPP_GRAPH_VERSION,
      policy: {
        attempts: environment.AGENT_RETRY_ATTEMPTS,
        retryBaseMilliseconds: environment.PROVIDER_RETRY_BASE_MILLISECONDS,
      },
    }),
    webhook: {
      functionsUrl: environment.PUBLIC_FUNCTIONS_URL,
      secrets: environment.VAPI_WEBHOOK_SECRET,
    },
    clock: Date.now,
  },
});

Deno.serve(app.fetch);

import { chooseServiceKeys, findUnusable, readEnvironment } from "../_shared/env.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createUserVerifier } from "../_shared/http/verify_user.ts";
import { createLogger } from "../_shared/log.ts";
import { createRecordingStorage } from "../_shared/providers/storage/create_recording_storage.ts";
import { createAlertStore } from "../_shared/providers/supabase/alert_store.ts";
import { createCallStore } from "../_shared/providers/supabase/call_store.ts";
import { createConfigStore } from "../_shared/providers/supabase/config_store.ts";
import { createDatabase } from "../_shared/providers/supabase/create_database.ts";
import { createDeadLetterStore } from "../_shared/providers/supabase/dead_letter_store.ts";
import { createHandOverStore } from "../_shared/providers/supabase/hand_over_store.ts";
import { createHealthStore } from "../_shared/providers/supabase/health_store.ts";
import { createReadinessStore } from "../_shared/providers/supabase/readiness_store.ts";
import { createMetricStore } from "../_shared/providers/supabase/metric_store.ts";
import { createRecordingStore } from "../_shared/providers/supabase/recording_store.ts";
import { createRequestStore } from "../_shared/providers/supabase/request_store.ts";
import { createRolloutContactFinder } from "../_shared/providers/supabase/rollout_contact_finder.ts";
import { createRolloutStore } from "../_shared/providers/supabase/rollout_store.ts";
import { createSupervisionStore } from "../_shared/providers/supabase/supervision_store.ts";
import { createCallMessages } from "../_shared/providers/vapi/create_call_messages.ts";
import { SCHEMA_VERSION, VERSION } from "../_shared/version.ts";
import { createOps } from "./app.ts";

const environment = readEnvironment([
  "SUPABASE_URL",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_SERVICE_ROLE_KEY",
  "SUPABASE_JWKS",
  "LEGACY_JWT_SECRET",
  "AGENT_LOG_LEVEL",
  "DASHBOARD_ORIGINS",
]);
const keys = chooseServiceKeys(environment);
const database = createDatabase({
  supabaseUrl: environment.SUPABASE_URL,
  secretKey: keys.serviceKey,
});

const requests = createRequestStore(database);
const verifyUser = createUserVerifier({
  jwksUrl: `${environment.SUPABASE_URL}/auth/v1/.well-known/jwks.json`,
  jwks: environment.SUPABASE_JWKS,
  legacySecret: environment.LEGACY_JWT_SECRET,
});
const requireSecretKey = createSecretKeyCheck(keys);

const app = createOps({
  logger: createLogger({
    functionName: "ops",
    level: environment.AGENT_LOG_LEVEL,
  }),
  version: VERSION,
  dashboardOrigins: environment.DASHBOARD_ORIGINS,
  readHealth: createHealthStore(database, { withControl: true }).readHealth,
  readiness: {
    ...createReadinessStore(database),
    requireSecretKey,
    // Also what others need: one that lacks it may not have started, and can't tell.
    unusable: findUnusable([
      "CREDENTIAL_KEYS",
      "VAPI_WEBHOOK_SECRET",
      "WHATSAPP_APP_SECRET",
      "WA_VERIFY_TOKEN",
    ]),
    schemaVersion: SCHEMA_VERSION,
  },
  deadLetters: {
    requireSecretKey,
    deadLetters: createDeadLetterStore(database),
    calls: createCallStore(database),
    messages: createCallMessages(),
  },
  recordings: {
    requests,
    verifyUser,
    recordings: createRecordingStore(database),
    recordingStorage: createRecordingStorage({
      supabaseUrl: environment.SUPABASE_URL,
      secretKey: keys.serviceKey,
    }),
  },
  supervision: {
    requests,
    verifyUser,
    handOvers: createHandOverStore(database),
    supervision: createSupervisionStore(database),
  },
  metrics: {
    requests,
    verifyUser,
    requireSecretKey,
    metrics: createMetricStore(database),
    clock: Date.now,
  },
  alerts: { requests, verifyUser, requireSecretKey, alerts: createAlertStore(database) },
  rollout: {
    requests,
    verifyUser,
    requireSecretKey,
    rollout: createRolloutStore(database),
    config: createConfigStore(database),
    contacts: createRolloutContactFinder(database),
  },
});

Deno.serve(app.fetch);

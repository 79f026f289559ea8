import { chooseServiceKeys, findUnusable, readEnvironment } from "../_shared/env.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createLogger } from "../_shared/log.ts";
import { redactText } from "../_shared/log/redact.ts";
import { openEmbeddingSession } from "../_shared/open_embedding_session.ts";
import { createSentryChannel } from "../_shared/providers/alerting/sentry_channel.ts";
import { createWebhookChannel } from "../_shared/providers/alerting/webhook_channel.ts";
import { createConnect } from "../_shared/providers/create_connect.ts";
import { createPolicy } from "../_shared/providers/resilience/create_policy.ts";
import { createEmbedder } from "../_shared/providers/language_model/create_embedder.ts";
import { createTextExtractor } from "../_shared/providers/extraction/create_text_extractor.ts";
import { createAllowList } from "../_shared/providers/storage/allow_hosts.ts";
import { createDocumentStorage } from "../_shared/providers/storage/create_document_storage.ts";
import { createRecordingStorage } from "../_shared/providers/storage/create_recording_storage.ts";
import { createRecordingDownload } from "../_shared/providers/storage/download_recording.ts";
import { createLegacy } from "../_shared/providers/legacy/create_legacy.ts";
import { createInboxStore } from "../_shared/providers/supabase/inbox_store.ts";
import { createLegacyStore } from "../_shared/providers/supabase/legacy_store.ts";
import { createAlertDeliveryStore } from "../_shared/providers/supabase/alert_delivery_store.ts";
import { createAgentDataStore } from "../_shared/providers/supabase/agent_data_store.ts";
import { createLazyModel } from "../_shared/providers/language_model/create_lazy_model.ts";
import { createAgentSyncStore } from "../_shared/providers/supabase/agent_sync_store.ts";
import { createCallExpiryStore } from "../_shared/providers/supabase/call_expiry_store.ts";
import { createCallRequestStore } from "../_shared/providers/supabase/call_request_store.ts";
import { createDatabase } from "../_shared/providers/supabase/create_database.ts";
import { createCredentialStore } from "../_shared/providers/supabase/credential_store.ts";
import { createCredentialCipher } from "../_shared/providers/supabase/credential_cipher.ts";
import { createDriftStore } from "../_shared/providers/supabase/drift_store.ts";
import { createEmbeddingStore } from "../_shared/providers/supabase/embedding_store.ts";
import { createHealthStore } from "../_shared/providers/supabase/health_store.ts";
import { createReadinessStore } from "../_shared/providers/supabase/readiness_store.ts";
import { createJobStore } from "../_shared/providers/supabase/job_store.ts";
import { createPreparationStore } from "../_shared/providers/supabase/preparation_store.ts";
import { createReconciliationStore } from "../_shared/providers/supabase/reconciliation_store.ts";
import { createRecordingStore } from "../_shared/providers/supabase/recording_store.ts";
import { createConnectCalls } from "../_shared/providers/vapi/calls.ts";
import { createFetchCall } from "../_shared/providers/vapi/fetch_call.ts";
import { createKnowledgeSearchStore } from "../_shared/providers/supabase/knowledge_search_store.ts";
import { createKnowledgeSyncStore } from "../_shared/providers/supabase/knowledge_sync_store.ts";
import { createMetricAggregation } from "../_shared/providers/supabase/metric_aggregation.ts";
import { createOutboxStore } from "../_shared/providers/supabase/outbox_store.ts";
import { createRolloutStore } from "../_shared/providers/supabase/rollout_store.ts";
import { createTurnStore } from "../_shared/providers/supabase/turn_store.ts";
import { createWorkspaceStore } from "../_shared/providers/supabase/workspace_store.ts";
import { createConnectSender } from "../_shared/providers/whatsapp/connect_sender.ts";
import { parseDelivery } from "../_shared/providers/whatsapp/parse_delivery.ts";
import { signDelivery } from "../_shared/providers/whatsapp/sign_delivery.ts";
import { splitDelivery } from "../_shared/providers/whatsapp/split_delivery.ts";
import { keepFlags } from "../_shared/services/keep_flags.ts";
import { keepWebhookSecrets } from "../_shared/services/keep_webhook_secrets.ts";
import { searchKnowledge } from "../_shared/services/search_knowledge.ts";
import { SCHEMA_VERSION, VERSION } from "../_shared/version.ts";
import { waitUntil } from "../_shared/wait_until.ts";
import { createWorker } from "./app.ts";

const environment = readEnvironment([
  "SUPABASE_URL",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_SERVICE_ROLE_KEY",
  "CREDENTIAL_KEYS",
  "VAPI_WEBHOOK_SECRET",
  "RECORDING_HOSTS",
  "AGENT_LOG_LEVEL",
  "AGENT_RETRY_ATTEMPTS",
  "GEMINI_API_KEY",
  "GEMINI_API_URL",
  "OPENAI_API_KEY",
  "OPENAI_API_URL",
  "LANGUAGE_MODEL",
  "CLASSIFIER_MODEL",
  "LANGUAGE_MODEL_PRICES",
  "AGENT_MAX_CONCURRENT",
  "AGENT_SYSTEM_ENABLED",
  "AGENT_TIMEOUT_SECONDS",
  "PUBLIC_FUNCTIONS_URL",
  "VAPI_API_URL",
  "TWILIO_API_URL",
  "WHATSAPP_GRAPH_URL",
  "WHATSAPP_GRAPH_VERSION",
  "DASHBOARD_ORIGINS",
  "PROVIDER_RETRY_BASE_MILLISECONDS",
  "ALERT_WEBHOOK_URL",
  "SENTRY_DSN",
  "WHATSAPP_APP_SECRET",
  "LEGACY_TEST_ORIGINS",
  "GEMINI_API_KEY",
  "GEMINI_API_URL",
  "EMBEDDING_PROVIDER",
  "EMBEDDING_MODEL",
]);
const keys = chooseServiceKeys(environment);
const database = createDatabase({
  supabaseUrl: environment.SUPABASE_URL,
  secretKey: keys.serviceKey,
});
// An hour of many organizations, or every alert rule, is more than what somebody waits for.
const patientDatabase = createDatabase({
  supabaseUrl: environment.SUPABASE_URL,
  secretKey: keys.serviceKey,
  timeoutMilliseconds: 8_000,
});

const logger = createLogger({
  functionName: "worker",
  level: environment.AGENT_LOG_LEVEL,
});
const cipher = createCredentialCipher(environment.CREDENTIAL_KEYS);

const policy = {
  attempts: environment.AGENT_RETRY_ATTEMPTS,
  retryBaseMilliseconds: environment.PROVIDER_RETRY_BASE_MILLISECONDS,
};

const embedder = createEmbedder({
  provider: environment.EMBEDDING_PROVIDER,
  apiKey: environment.GEMINI_API_KEY,
  baseUrl: environment.GEMINI_API_URL,
  model: environment.EMBEDDING_MODEL,
  policy: createPolicy(policy),
  openSession: openEmbeddingSession,
});
const searchPorts = {
  search: createKnowledgeSearchStore(database),
  embedders: embedder === null ? [] : [embedder],
  logger,
};

const { ALERT_WEBHOOK_URL, SENTRY_DSN } = environment;
const redact = (text: string) => redactText(text);
const alertChannels = [
  ALERT_WEBHOOK_URL === undefined ? [] : [createWebhookChannel({ url: ALERT_WEBHOOK_URL, redact })],
  SENTRY_DSN === undefined
    ? []
    : [createSentryChannel({ dsn: SENTRY_DSN, release: VERSION, redact })],
].flat();
const alertStore = createAlertDeliveryStore(patientDatabase);

const app = createWorker({
  logger,
  version: VERSION,
  dashboardOrigins: environment.DASHBOARD_ORIGINS,
  readHealth: createHealthStore(database).readHealth,
  readiness: {
    ...createReadinessStore(database),
    requireSecretKey: createSecretKeyCheck(keys),
    unusable: findUnusable(["CREDENTIAL_KEYS", "VAPI_WEBHOOK_SECRET"]),
    schemaVersion: SCHEMA_VERSION,
    isScheduled: true,
  },
  requireSecretKey: createSecretKeyCheck(keys),
  waitUntil,
  ports: {
    jobs: createJobStore(database),
    credentials: createCredentialStore(database),
    agents: createAgentSyncStore(database),
    drift: createDriftStore(database),
    knowledgeSync: createKnowledgeSyncStore(database),
    workspace: createWorkspaceStore(database),
    cipher,
    connect: createConnect({
      vapiUrl: environment.VAPI_API_URL,
      twilioUrl: environment.TWILIO_API_URL,
      whatsappGraphUrl: environment.WHATSAPP_GRAPH_URL,
      whatsappGraphVersion: environment.WHATSAPP_GRAPH_VERSION,
      policy,
    }),
    webhook: {
      functionsUrl: environment.PUBLIC_FUNCTIONS_URL,
      secrets: environment.VAPI_WEBHOOK_SECRET,
    },
    messaging: {
      model: createLazyModel({
        model: environment.LANGUAGE_MODEL,
        classifier: environment.CLASSIFIER_MODEL,
        vendors: {
          gemini: { apiKey: environment.GEMINI_API_KEY, baseUrl: environment.GEMINI_API_URL },
          openai: { apiKey: environment.OPENAI_API_KEY, baseUrl: environment.OPENAI_API_URL },
        },
        prices: environment.LANGUAGE_MODEL_PRICES,
        maxConcurrent: environment.AGENT_MAX_CONCURRENT,
        policy: policy,
      }),
      searchKnowledge: (query, options) => searchKnowledge(searchPorts, query, options),
      turns: createTurnStore(database),
      outbox: createOutboxStore(database),
      connectSender: createConnectSender({
        cipher,
        baseUrl: environment.WHATSAPP_GRAPH_URL,
        version: environment.WHATSAPP_GRAPH_VERSION,
      }),
      readFlags: keepFlags(logger),
      loadDecision: () => import("../_shared/domain/orchestrator/decide_turn.ts"),
      agentData: createAgentDataStore(database),
      agentsEnabled: environment.AGENT_SYSTEM_ENABLED,
      timeoutSeconds: environment.AGENT_TIMEOUT_SECONDS,
      clock: Date.now,
      logger,
    },
    forwarding: {
      legacy: createLegacyStore(database),
      postDelivery: createLegacy({
        policy: createPolicy({ attempts: 1 }),
        testOrigins: environment.LEGACY_TEST_ORIGINS ?? [],
      }),
      splitDelivery,
      signDelivery,
      parseDelivery,
      appSecrets: environment.WHATSAPP_APP_SECRET ?? [],
      findOwnSecrets: keepWebhookSecrets({
        inbox: createInboxStore(database),
        openCipher: () => Promise.resolve(cipher),
        clock: Date.now,
        logger,
      }),
      loadReadAgent: async () => (await import("../_shared/domain/legacy/read_agent.ts")).readAgent,
      clock: Date.now,
    },
    calls: {
      recordings: createRecordingStore(database),
      downloadRecording: createRecordingDownload({
        requireAllowed: createAllowList(environment.RECORDING_HOSTS),
        // What a bucket of a free project takes is less, and says so itself.
        maxBytes: 200 * 1024 * 1024,
      }),
      recordingStorage: createRecordingStorage({
        supabaseUrl: environment.SUPABASE_URL,
        secretKey: keys.serviceKey,
      }),
      reconciliation: createReconciliationStore(database),
      expiry: createCallExpiryStore(database),
      requests: createCallRequestStore(database),
      connectCalls: createConnectCalls({
        baseUrl: environment.VAPI_API_URL,
        policy: createPolicy(policy),
      }),
      fetchCall: createFetchCall({
        baseUrl: environment.VAPI_API_URL,
        policy: createPolicy(policy),
      }),
    },
    knowledge: {
      preparation: createPreparationStore(database),
      embeddings: createEmbeddingStore(database),
      storage: createDocumentStorage({
        supabaseUrl: environment.SUPABASE_URL,
        secretKey: keys.serviceKey,
      }),
      extractor: createTextExtractor(),
      embeds: embedder !== null,
      embedder,
      logger,
    },
    metrics: createMetricAggregation(patientDatabase),
    alerts: alertStore,
    alertDeliveries: alertStore,
    alertChannels,
    rollout: createRolloutStore(database),
    clock: Date.now,
  },
});

Deno.serve(app.fetch);

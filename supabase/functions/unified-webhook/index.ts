import { chooseServiceKeys, findUnusable, readEnvironment } from "../_shared/env.ts";
import { createCoalescer } from "../_shared/http/coalesce.ts";
import { createLoadShedder } from "../_shared/http/shed_load.ts";
import { createVapiVerifier } from "../_shared/http/verify_vapi.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createLogger } from "../_shared/log.ts";
import type { AgentDataStore } from "../_shared/ports_agents.ts";
import type { CallStore } from "../_shared/ports_calls.ts";
import type { SearchKnowledge } from "../_shared/ports_knowledge_sync.ts";
import type { Delivery } from "../_shared/ports_messaging.ts";
import { createLazyModel } from "../_shared/providers/language_model/create_lazy_model.ts";
import { createDatabase } from "../_shared/providers/supabase/create_database.ts";
import { createHealthStore } from "../_shared/providers/supabase/health_store.ts";
import { createReadinessStore } from "../_shared/providers/supabase/readiness_store.ts";
import { createInboxStore } from "../_shared/providers/supabase/inbox_store.ts";
import { createCallMessages } from "../_shared/providers/vapi/create_call_messages.ts";
import { parseDelivery } from "../_shared/providers/whatsapp/parse_delivery.ts";
import { keepFlags } from "../_shared/services/keep_flags.ts";
import { keepWebhookSecrets } from "../_shared/services/keep_webhook_secrets.ts";
import { createForwardStarter } from "../_shared/services/start_forwarding.ts";
import { createTurnStarter } from "../_shared/services/start_turns.ts";
import { isWorthSplitting, storeDeliveries } from "../_shared/services/store_deliveries.ts";
import { SCHEMA_VERSION, VERSION } from "../_shared/version.ts";
import { waitUntil } from "../_shared/wait_until.ts";
import { createUnifiedWebhook } from "./app.ts";

const environment = readEnvironment([
  "SUPABASE_URL",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_SERVICE_ROLE_KEY",
  "CREDENTIAL_KEYS",
  "VAPI_SIGNATURE_PAYLOAD",
  "WHATSAPP_APP_SECRET",
  "WA_VERIFY_TOKEN",
  "WHATSAPP_GRAPH_URL",
  "WHATSAPP_GRAPH_VERSION",
  "GEMINI_API_KEY",
  "GEMINI_API_URL",
  "OPENAI_API_KEY",
  "OPENAI_API_URL",
  "LANGUAGE_MODEL",
  "CLASSIFIER_MODEL",
  "LANGUAGE_MODEL_PRICES",
  "AGENT_RETRY_ATTEMPTS",
  "PROVIDER_RETRY_BASE_MILLISECONDS",
  "AGENT_SYSTEM_ENABLED",
  "AGENT_MAX_CONCURRENT",
  "AGENT_TIMEOUT_SECONDS",
  "AGENT_LOG_LEVEL",
  "WEBHOOK_MAX_IN_FLIGHT",
  "LEGACY_TEST_ORIGINS",
  "DASHBOARD_ORIGINS",
  "GEMINI_API_KEY",
  "GEMINI_API_URL",
  "EMBEDDING_PROVIDER",
  "EMBEDDING_MODEL",
]);
const logger = createLogger({
  functionName: "unified-webhook",
  level: environment.AGENT_LOG_LEVEL,
});
const database = createDatabase({
  supabaseUrl: environment.SUPABASE_URL,
  secretKey: chooseServiceKeys(environment).serviceKey,
});
const inbox = createInboxStore(database);

// What only a turn needs is loaded with the first one: an acknowledgement doesn't wait for it.
const openCipher = keepPromise(async () => {
  const { createCredentialCipher } = await import(
    "../_shared/providers/supabase/credential_cipher.ts"
  );
  return createCredentialCipher(environment.CREDENTIAL_KEYS);
});
const loadConnect = keepPromise(async () => {
  const { createConnectSender } = await import(
    "../_shared/providers/whatsapp/connect_sender.ts"
  );
  return createConnectSender({
    cipher: await openCipher(),
    baseUrl: environment.WHATSAPP_GRAPH_URL,
    version: environment.WHATSAPP_GRAPH_VERSION,
  });
});
const loadSearch = keepPromise(async (): Promise<SearchKnowledge> => {
  const [
    { createEmbedder },
    { createEmbedderFinder },
    { createPolicy },
    { openEmbeddingSession },
    { createKnowledgeSearchStore },
    { searchKnowledge },
  ] = await Promise.all([
    import("../_shared/providers/language_model/create_embedder.ts"),
    import("../_shared/providers/language_model/find_embedder.ts"),
    import("../_shared/providers/resilience/create_policy.ts"),
    import("../_shared/open_embedding_session.ts"),
    import("../_shared/providers/supabase/knowledge_search_store.ts"),
    import("../_shared/services/search_knowledge.ts"),
  ]);
  const embedding = {
    apiKey: environment.GEMINI_API_KEY,
    baseUrl: environment.GEMINI_API_URL,
    // Somebody waits: what doesn't answer once is searched for by its words.
    policy: createPolicy({ attempts: 1 }),
    openSession: openEmbeddingSession,
  };
  const embedder = createEmbedder({
    ...embedding,
    provider: environment.EMBEDDING_PROVIDER,
    model: environment.EMBEDDING_MODEL,
  });
  const ports = {
    search: createKnowledgeSearchStore(database),
    embedders: embedder === null ? [] : [embedder],
    findEmbedder: createEmbedderFinder(embedding),
    logger,
  };
  return (query, options) => searchKnowledge(ports, query, options);
});
const search: SearchKnowledge = async (query, options) => (await loadSearch())(query, options);
const loadAgentData = keepPromise(async () => {
  const { createAgentDataStore } = await import(
    "../_shared/providers/supabase/agent_data_store.ts"
  );
  return createAgentDataStore(database);
});
const agentData: AgentDataStore = {
  readAgentData: async (input, options) =>
    await (await loadAgentData()).readAgentData(input, options),
};
// And what only a call needs with the first of its messages.
const loadCalls = keepPromise(async () => {
  const { createCallStore } = await import("../_shared/providers/supabase/call_store.ts");
  return createCallStore(database);
});
const calls: CallStore = {
  ingest: async (...given) => await (await loadCalls()).ingest(...given),
  recordToolCalls: async (...given) => await (await loadCalls()).recordToolCalls(...given),
  recordFailedEvent: async (...given) => await (await loadCalls()).recordFailedEvent(...given),
  recordUnreadable: async (...given) => await (await loadCalls()).recordUnreadable(...given),
};
const model = createLazyModel({
  model: environment.LANGUAGE_MODEL,
  classifier: environment.CLASSIFIER_MODEL,
  vendors: {
    gemini: { apiKey: environment.GEMINI_API_KEY, baseUrl: environment.GEMINI_API_URL },
    openai: { apiKey: environment.OPENAI_API_KEY, baseUrl: environment.OPENAI_API_URL },
  },
  prices: environment.LANGUAGE_MODEL_PRICES,
  maxConcurrent: environment.AGENT_MAX_CONCURRENT,
  policy: {
    attempts: environment.AGENT_RETRY_ATTEMPTS,
    retryBaseMilliseconds: environment.PROVIDER_RETRY_BASE_MILLISECONDS,
  },
});
const agentsEnabled = environment.AGENT_SYSTEM_ENABLED;
// With it come the agents, and the words by which it is understood what somebody wants.
const loadDecision = keepPromise(() => import("../_shared/domain/orchestrator/decide_turn.ts"));
const loadTurn = keepPromise(async () => {
  const [{ runTurn }, { createTurnStore }, { createOutboxStore }] = await Promise.all([
    import("../_shared/services/run_turn.ts"),
    import("../_shared/providers/supabase/turn_store.ts"),
    import("../_shared/providers/supabase/outbox_store.ts"),
  ]);
  const ports: Parameters<typeof runTurn>[0] = {
    model,
    searchKnowledge: search,
    turns: createTurnStore(database),
    outbox: createOutboxStore(database),
    connectSender: async (sender, record) => (await loadConnect())(sender, record),
    readFlags: keepFlags(logger),
    loadDecision,
    agentData,
    agentsEnabled,
    timeoutSeconds: environment.AGENT_TIMEOUT_SECONDS,
    clock: Date.now,
    logger,
  };
  return (key: Parameters<typeof runTurn>[1]) => runTurn(ports, key);
});
const startTurns = createTurnStarter({
  run: async (key) => await (await loadTurn())(key),
  waitUntil,
  logger,
  maxConcurrent: environment.AGENT_MAX_CONCURRENT,
});
const findOwnSecrets = keepWebhookSecrets({ inbox, openCipher, clock: Date.now, logger });
// Few installations have an older service beside this one: what speaks to it comes with the first delivery.
const loadForwarding = keepPromise(async () => {
  const [
    { forwardDeliveries },
    { createLegacyStore },
    { createLegacy },
    { createPolicy },
    { signDelivery },
    { splitDelivery },
  ] = await Promise.all([
    import("../_shared/services/forward_deliveries.ts"),
    import("../_shared/providers/supabase/legacy_store.ts"),
    import("../_shared/providers/legacy/create_legacy.ts"),
    import("../_shared/providers/resilience/create_policy.ts"),
    import("../_shared/providers/whatsapp/sign_delivery.ts"),
    import("../_shared/providers/whatsapp/split_delivery.ts"),
  ]);
  const ports = {
    legacy: createLegacyStore(database),
    postDelivery: createLegacy({
      policy: createPolicy({ attempts: 1 }),
      testOrigins: environment.LEGACY_TEST_ORIGINS ?? [],
    }),
    splitDelivery,
    signDelivery,
    parseDelivery,
    appSecrets: environment.WHATSAPP_APP_SECRET ?? [],
    findOwnSecrets,
    loadReadAgent: async () => (await import("../_shared/domain/legacy/read_agent.ts")).readAgent,
    clock: Date.now,
    logger,
  };
  return () => forwardDeliveries(ports, { budgetMilliseconds: 60_000 });
});
const startForwarding = createForwardStarter({
  run: async () => await (await loadForwarding())(),
  waitUntil,
  logger,
});
const connectivity = { confirmed: false };
const { submit } = createCoalescer({
  handle: (deliveries: Delivery[]) =>
    storeDeliveries({
      inbox,
      logger,
      connectivity,
      startTurns: agentsEnabled ? startTurns : () => {},
      startForwarding,
    }, deliveries),
  measure: ({ body, parsed }) => ({
    bytes: body.byteLength,
    updates: parsed.ok ? parsed.messages.length + parsed.statuses.length : 1,
  }),
  isWorthSplitting,
});

const shedder = createLoadShedder({
  limits: {
    whatsapp: environment.WEBHOOK_MAX_IN_FLIGHT,
    vapi: environment.WEBHOOK_MAX_IN_FLIGHT * 2,
  },
});
const app = createUnifiedWebhook({
  logger,
  version: VERSION,
  dashboardOrigins: environment.DASHBOARD_ORIGINS,
  readHealth: createHealthStore(database).readHealth,
  readiness: {
    ...createReadinessStore(database),
    requireSecretKey: createSecretKeyCheck(chooseServiceKeys(environment)),
    unusable: findUnusable([
      "CREDENTIAL_KEYS",
      "VAPI_WEBHOOK_SECRET",
      "WHATSAPP_APP_SECRET",
      "WA_VERIFY_TOKEN",
    ]),
    schemaVersion: SCHEMA_VERSION,
  },
  whatsapp: {
    appSecrets: environment.WHATSAPP_APP_SECRET,
    verifyToken: environment.WA_VERIFY_TOKEN,
    findOwnSecrets,
    parseDelivery,
    submit,
    shedder,
  },
  vapi: {
    calls,
    messages: createCallMessages(),
    verifyVapi: createVapiVerifier({
      secrets: readVapiSecrets(),
      signaturePayload: environment.VAPI_SIGNATURE_PAYLOAD,
    }),
    agentsEnabled,
    searchKnowledge: search,
    agentData,
    clock: Date.now,
    shedder,
  },
});

Deno.serve(app.fetch);

/** Without a good secret Vapi's messages are refused, and WhatsApp's go on. */
function readVapiSecrets(): string[] {
  try {
    return readEnvironment(["VAPI_WEBHOOK_SECRET"]).VAPI_WEBHOOK_SECRET;
  } catch (error) {
    logger.critical("Messages from Vapi will be refused", { error });
    return [];
  }
}

/** Runs once; what failed is tried again by the next who asks. */
function keepPromise<T>(open: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  return () =>
    kept ??= open().catch((error) => {
      kept = null;
      throw error;
    });
}

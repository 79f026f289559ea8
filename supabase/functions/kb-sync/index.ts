import { chooseServiceKeys, findUnusable, readEnvironment } from "../_shared/env.ts";
import { createSecretKeyCheck } from "../_shared/http/require_secret_key.ts";
import { createUserVerifier } from "../_shared/http/verify_user.ts";
import { createLogger } from "../_shared/log.ts";
import { openEmbeddingSession } from "../_shared/open_embedding_session.ts";
import { createConnect } from "../_shared/providers/create_connect.ts";
import { createTextExtractor } from "../_shared/providers/extraction/create_text_extractor.ts";
import { createEmbedder } from "../_shared/providers/language_model/create_embedder.ts";
import { createEmbedderFinder } from "../_shared/providers/language_model/find_embedder.ts";
import { createPolicy } from "../_shared/providers/resilience/create_policy.ts";
import { createDocumentStorage } from "../_shared/providers/storage/create_document_storage.ts";
import { createAgentSyncStore } from "../_shared/providers/supabase/agent_sync_store.ts";
import { createDatabase } from "../_shared/providers/supabase/create_database.ts";
import { createCredentialCipher } from "../_shared/providers/supabase/credential_cipher.ts";
import { createDocumentStore } from "../_shared/providers/supabase/document_store.ts";
import { createHealthStore } from "../_shared/providers/supabase/health_store.ts";
import { createReadinessStore } from "../_shared/providers/supabase/readiness_store.ts";
import { createKnowledgeSearchStore } from "../_shared/providers/supabase/knowledge_search_store.ts";
import { createKnowledgeSyncStore } from "../_shared/providers/supabase/knowledge_sync_store.ts";
import { createRequestStore } from "../_shared/providers/supabase/request_store.ts";
import { createPageFetcher } from "../_shared/providers/web/create_page_fetcher.ts";
import { SCHEMA_VERSION, VERSION } from "../_shared/version.ts";
import { waitUntil } from "../_shared/wait_until.ts";
import { createKbSync } from "./app.ts";

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
  "GEMINI_API_KEY",
  "GEMINI_API_URL",
  "EMBEDDING_PROVIDER",
  "EMBEDDING_MODEL",
  "PROVIDER_RETRY_BASE_MILLISECONDS",
  "PAGE_TEST_ORIGINS",
]);
const secretKey = chooseServiceKeys(environment).serviceKey;
const database = createDatabase({ supabaseUrl: environment.SUPABASE_URL, secretKey });
const requests = createRequestStore(database);

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

const app = createKbSync({
  logger: createLogger({
    functionName: "kb-sync",
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
    requests,
    documents: createDocumentStore(database),
    storage: createDocumentStorage({ supabaseUrl: environment.SUPABASE_URL, secretKey }),
    extractor: createTextExtractor(),
    pages: createPageFetcher({ testOrigins: environment.PAGE_TEST_ORIGINS ?? [] }),
    embeds: embedder !== null,
    search: createKnowledgeSearchStore(database),
    embedders: embedder === null ? [] : [embedder],
    findEmbedder: createEmbedderFinder(embedding),
    createId: () => crypto.randomUUID(),
  },
  sync: {
    waitUntil,
    functionsUrl: environment.PUBLIC_FUNCTIONS_URL,
    ports: {
      requests,
      agents: createAgentSyncStore(database),
      knowledgeSync: createKnowledgeSyncStore(database),
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
  },
});

Deno.serve(app.fetch);

import { chooseServiceKeys, readEnvironment } from "../_shared/env.ts";
import { createLogger } from "../_shared/log.ts";
import { createDatabase } from "../_shared/providers/supabase/create_database.ts";
import { createHealthStore } from "../_shared/providers/supabase/health_store.ts";
import { VERSION } from "../_shared/version.ts";
import { createUnifiedWebhook } from "./app.ts";

const environment = readEnvironment([
  "SUPABASE_URL",
  "SUPABASE_SECRET_KEYS",
  "SUPABASE_SERVICE_ROLE_KEY",
  "AGENT_LOG_LEVEL",
  "DASHBOARD_ORIGINS",
]);
const database = createDatabase({
  supabaseUrl: environment.SUPABASE_URL,
  secretKey: chooseServiceKeys(environment).serviceKey,
});

const app = createUnifiedWebhook({
  logger: createLogger({
    functionName: "unified-webhook",
    level: environment.AGENT_LOG_LEVEL,
  }),
  version: VERSION,
  dashboardOrigins: environment.DASHBOARD_ORIGINS,
  readHealth: createHealthStore(database).readHealth,
});

Deno.serve(app.fetch);

import { readAgent } from "../../supabase/functions/_shared/domain/legacy/read_agent.ts";
import type { Logger } from "../../supabase/functions/_shared/ports.ts";
import { createLegacy } from "../../supabase/functions/_shared/providers/legacy/create_legacy.ts";
import { createPolicy } from "../../supabase/functions/_shared/providers/resilience/create_policy.ts";
import { createDatabase } from "../../supabase/functions/_shared/providers/supabase/create_database.ts";
import { createLegacyStore } from "../../supabase/functions/_shared/providers/supabase/legacy_store.ts";
import { parseDelivery } from "../../supabase/functions/_shared/providers/whatsapp/parse_delivery.ts";
import { signDelivery } from "../../supabase/functions/_shared/providers/whatsapp/sign_delivery.ts";
import { splitDelivery } from "../../supabase/functions/_shared/providers/whatsapp/split_delivery.ts";
import type { ForwardPorts } from "../../supabase/functions/_shared/services/forward_deliveries.ts";
import { readStack } from "./read_stack.ts";
import { APP_SECRET } from "./whatsapp.ts";

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  critical() {},
  with: () => silent,
};

/** What forwarding needs, on the stack: a worker inside the test, so that a test can have many of them. */
export function createForwardPorts(): ForwardPorts {
  const stack = readStack();
  const database = createDatabase({
    supabaseUrl: stack.url,
    secretKey: stack.secret_key,
    timeoutMilliseconds: 20_000,
  });
  return {
    legacy: createLegacyStore(database),
    postDelivery: createLegacy({
      policy: createPolicy({ attempts: 1 }),
      testOrigins: ["http://127.0.0.1:*"],
    }),
    splitDelivery,
    signDelivery,
    parseDelivery,
    appSecrets: [APP_SECRET],
    findOwnSecrets: () => Promise.resolve([]),
    loadReadAgent: () => Promise.resolve(readAgent),
    clock: Date.now,
    logger: silent,
  };
}

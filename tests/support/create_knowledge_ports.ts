import { join } from "node:path";
import type { Logger } from "../../supabase/functions/_shared/ports.ts";
import { createConnect } from "../../supabase/functions/_shared/providers/create_connect.ts";
import { createAgentSyncStore } from "../../supabase/functions/_shared/providers/supabase/agent_sync_store.ts";
import { createDatabase } from "../../supabase/functions/_shared/providers/supabase/create_database.ts";
import { createCredentialCipher } from "../../supabase/functions/_shared/providers/supabase/credential_cipher.ts";
import { createKnowledgeSyncStore } from "../../supabase/functions/_shared/providers/supabase/knowledge_sync_store.ts";
import type { KnowledgeSyncPorts } from "../../supabase/functions/_shared/services/sync_knowledge.ts";
import { readStack } from "./read_stack.ts";

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  critical() {},
  with: () => silent,
};

/** What a knowledge base's sync needs, on the stack: a function inside the test, so that it can die. */
export function createKnowledgePorts(): KnowledgeSyncPorts {
  const stack = readStack();
  const database = createDatabase({
    supabaseUrl: stack.url,
    secretKey: stack.secret_key,
    timeoutMilliseconds: 20_000,
  });
  const keys = (name: string) => Deno.readTextFileSync(join(stack.state_folder, "keys", name));
  return {
    agents: createAgentSyncStore(database),
    knowledgeSync: createKnowledgeSyncStore(database),
    cipher: createCredentialCipher(
      Object.entries(JSON.parse(keys("credential_keys.json")) as Record<string, string>)
        .map(([id, key]) => ({
          id,
          key: Uint8Array.from(atob(key), (character) => character.charCodeAt(0)),
        })),
    ),
    connect: createConnect({
      vapiUrl: stack.simulators.vapi,
      twilioUrl: stack.simulators.twilio,
      whatsappGraphUrl: stack.simulators.graph,
      whatsappGraphVersion: "v26.0",
      policy: { retryBaseMilliseconds: 20 },
    }),
    webhook: { functionsUrl: `${stack.url}/functions/v1`, secrets: ["a secret of the test's own"] },
    clock: Date.now,
    logger: silent,
  };
}

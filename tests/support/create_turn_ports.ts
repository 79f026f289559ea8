import { join } from "node:path";
import { decideTurn } from "../../supabase/functions/_shared/domain/session/decide_turn.ts";
import type { Logger } from "../../supabase/functions/_shared/ports.ts";
import { createCredentialCipher } from "../../supabase/functions/_shared/providers/supabase/credential_cipher.ts";
import { createDatabase } from "../../supabase/functions/_shared/providers/supabase/create_database.ts";
import { createKnowledgeSearchStore } from "../../supabase/functions/_shared/providers/supabase/knowledge_search_store.ts";
import { createOutboxStore } from "../../supabase/functions/_shared/providers/supabase/outbox_store.ts";
import { createTurnStore } from "../../supabase/functions/_shared/providers/supabase/turn_store.ts";
import { createConnectSender } from "../../supabase/functions/_shared/providers/whatsapp/connect_sender.ts";
import { keepFlags } from "../../supabase/functions/_shared/services/keep_flags.ts";
import { searchKnowledge } from "../../supabase/functions/_shared/services/search_knowledge.ts";
import type { TurnPorts } from "../../supabase/functions/_shared/services/run_turn.ts";
import { readStack } from "./read_stack.ts";

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  critical() {},
  with: () => silent,
};

/** What a turn needs, on the stack: a worker inside the test, so that a test can have many of them. */
export function createTurnPorts(): TurnPorts {
  const stack = readStack();
  const database = createDatabase({
    supabaseUrl: stack.url,
    secretKey: stack.secret_key,
    timeoutMilliseconds: 20_000,
  });
  const keys = JSON.parse(
    Deno.readTextFileSync(join(stack.state_folder, "keys", "credential_keys.json")),
  ) as Record<string, string>;
  return {
    turns: createTurnStore(database),
    outbox: createOutboxStore(database),
    connectSender: createConnectSender({
      cipher: createCredentialCipher(
        Object.entries(keys).map(([id, key]) => ({
          id,
          key: Uint8Array.from(atob(key), (character) => character.charCodeAt(0)),
        })),
      ),
      baseUrl: stack.simulators.graph,
      version: "v26.0",
    }),
    searchKnowledge: (query, options) =>
      searchKnowledge(
        { search: createKnowledgeSearchStore(database), embedders: [], logger: silent },
        query,
        options,
      ),
    readFlags: keepFlags(silent),
    decide: decideTurn,
    agentsEnabled: true,
    timeoutSeconds: 30,
    clock: Date.now,
    logger: silent,
  };
}

import * as z from "zod";
import type { AgentDataStore } from "../../ports_agents.ts";
import { agentReadResult } from "./agent_rows.ts";
import type { Database } from "./create_database.ts";

const read = z.object({ code: z.literal("read"), results: z.array(agentReadResult) });

/** What agents read; what they change goes with `complete_turn` and `record_tool_calls`. */
export function createAgentDataStore(database: Database): AgentDataStore {
  return {
    async readAgentData(input, options = {}) {
      if (input.reads.length === 0) return [];
      const { results } = await database.callFunction("read_agent_data", input, read, {
        ...options,
        idempotent: true,
      });
      return results;
    },
  };
}

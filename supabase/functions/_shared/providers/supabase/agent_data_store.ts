import * as z from "zod";
import type { AgentDataStore } from "../../ports_agents.ts";
import { agentReadResult } from "./agent_rows.ts";
import type { Database } from "./create_database.ts";

const read = z.object({
  code: z.literal("read"),
  results: z.array(agentReadResult),
  is_switched_off: z.boolean(),
});

/** What agents read; what they change goes with `complete_turn` and `record_tool_calls`. */
export function createAgentDataStore(database: Database): AgentDataStore {
  return {
    async readAgentData(input, { tellSwitch, ...options } = {}) {
      if (input.reads.length === 0 && tellSwitch === undefined) return [];
      const { results, is_switched_off } = await database.callFunction(
        "read_agent_data",
        input,
        read,
        {
          ...options,
          idempotent: true,
        },
      );
      tellSwitch?.(is_switched_off);
      return results;
    },
  };
}

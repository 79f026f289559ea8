import * as z from "zod";
import type { AgentDataStore } from "../../ports_agents.ts";
import type { Database } from "./create_database.ts";

type Results = Awaited<ReturnType<AgentDataStore["readAgentData"]>>;

// Each result is made by its own branch of one SQL function; its kind is what callers tell it by.
const read = z.object({
  results: z.array(z.looseObject({ kind: z.string() })).transform((results) =>
    results as unknown as Results
  ),
});

export function createAgentDataStore(database: Database): AgentDataStore {
  return {
    async readAgentData(input, { signal } = {}) {
      const { results } = await database.callFunction("read_agent_data", input, read, {
        idempotent: true,
        ...(signal === undefined ? {} : { signal }),
      });
      return results;
    },
  };
}

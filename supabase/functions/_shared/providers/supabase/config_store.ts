import * as z from "zod";
import type { Json } from "../../ports.ts";
import type { ConfigStore } from "../../ports_rollout.ts";
import type { Database } from "./create_database.ts";
import { onlyCode } from "./rows.ts";

const json = z.custom<Json>();
const changed = z.discriminatedUnion("code", [
  z.object({ code: z.enum(["changed", "unchanged"]), revision: z.number() }),
  z.object({ code: z.literal("conflict"), revision: z.number().nullable() }),
]);
const listed = z.object({
  code: z.literal("listed"),
  changes: z.array(z.object({
    id: z.string(),
    key: z.string(),
    operation: z.enum(["insert", "update", "delete"]),
    actor: z.string(),
    reason: z.string().nullable(),
    value_before: json,
    value_after: json,
    changed_at: z.string(),
  })),
});
const reverted = z.discriminatedUnion("code", [
  z.object({ code: z.enum(["reverted", "unchanged"]), key: z.string(), value: json }),
  onlyCode("not_found"),
]);

export function createConfigStore(database: Database): ConfigStore {
  return {
    changeConfig: (input) => database.callFunction("change_app_config", input, changed),
    async listConfigHistory(input) {
      const { changes } = await database.callFunction("list_app_config_history", input, listed, {
        idempotent: true,
      });
      return changes;
    },
    revertConfig: (input) =>
      database.callFunction("revert_app_config", input, reverted, { idempotent: true }),
  };
}

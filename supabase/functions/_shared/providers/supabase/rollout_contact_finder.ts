import * as z from "zod";
import type { RolloutContactFinder } from "../../ports_rollout.ts";
import type { Database } from "./create_database.ts";

const found = z.object({
  code: z.literal("found"),
  contacts: z.array(z.object({
    org_id: z.string(),
    contact_id: z.string(),
    rollout_key: z.string(),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    bsuid: z.string().nullable(),
    names: z.array(z.string()),
  })),
});

export function createRolloutContactFinder(database: Database): RolloutContactFinder {
  return {
    async findContacts(input) {
      const { contacts } = await database.callFunction("find_contacts_for_rollout", input, found, {
        idempotent: true,
      });
      return contacts;
    },
  };
}

import * as z from "zod";
import type { RequestStore } from "../../ports.ts";
import type { Database } from "./create_database.ts";
import { jsonObject, memberRole } from "./rows.ts";

const authorized = z.discriminatedUnion("code", [
  z.object({ code: z.literal("authorized"), org_id: z.string(), role: memberRole }),
  z.object({
    code: z.literal("organization_required"),
    organizations: z.array(
      z.object({ org_id: z.string(), name: z.string(), role: memberRole }),
    ),
  }),
  z.object({ code: z.literal("forbidden"), reason: z.enum(["not_member", "role_too_low"]) }),
  z.object({ code: z.literal("tier_off") }),
  z.object({ code: z.literal("rate_limited"), retry_after_seconds: z.number() }),
  z.object({
    code: z.literal("replayed"),
    org_id: z.string(),
    role: memberRole,
    response_status: z.number(),
    response_body: jsonObject,
  }),
  z.object({ code: z.literal("in_progress"), retry_after_seconds: z.number() }),
  z.object({ code: z.literal("idempotency_key_reused") }),
]);
const completed = z.looseObject({ code: z.enum(["completed", "released"]) });

export function createRequestStore(database: Database): RequestStore {
  return {
    authorizeRequest: (input) =>
      // With a key a second attempt would meet the first one's claim and answer `in_progress`.
      database.callFunction("authorize_request", input, authorized, {
        idempotent: input.idempotency === null,
      }),
    async completeRequest(input) {
      await database.callFunction("complete_request", input, completed, { idempotent: true });
    },
  };
}

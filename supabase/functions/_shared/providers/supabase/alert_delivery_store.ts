import * as z from "zod";
import {
  ALERT_SEVERITIES,
  type AlertDelivery,
  type AlertDeliveryStore,
  type AlertEvaluation,
} from "../../ports_alerts.ts";
import type { Database } from "./create_database.ts";
import { jsonObject } from "./rows.ts";

const delivery: z.ZodType<AlertDelivery> = z.object({
  id: z.string(),
  channel: z.enum(["webhook", "sentry"]),
  event: z.enum(["raised", "resolved"]),
  attempts: z.number(),
  fencing_token: z.number(),
  alert: z.object({
    id: z.string(),
    org_id: z.string().nullable(),
    rule: z.string(),
    dedupe_key: z.string(),
    severity: z.enum(ALERT_SEVERITIES),
    message: z.string(),
    details: jsonObject,
    raised_at: z.string(),
    resolved_at: z.string().nullable(),
  }),
});
const claimed = z.object({ code: z.literal("claimed"), deliveries: z.array(delivery) });
const recorded = z.discriminatedUnion("code", [
  z.object({ code: z.literal("recorded"), state: z.string() }),
  z.object({ code: z.literal("lease_lost") }),
]);
const begun = z.object({
  code: z.literal("begun"),
  rules: z.array(z.string()),
  resolved: z.number(),
});
const evaluated = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("evaluated"),
    raised: z.number(),
    resolved: z.number(),
    failed: z.boolean(),
  }),
  z.object({ code: z.literal("not_found") }),
]);

/** What the worker does about alerts. */
export function createAlertDeliveryStore(database: Database): AlertDeliveryStore & AlertEvaluation {
  return {
    async beginAlertEvaluation() {
      const { code: _, ...answer } = await database.callFunction(
        "begin_alert_evaluation",
        {},
        begun,
        { idempotent: true },
      );
      return answer;
    },
    // Twice in a minute counts as two looks: a lost answer waits for the next minute.
    evaluateAlertRule: (input) => database.callFunction("evaluate_alert_rule", input, evaluated),
    // A claim whose answer is lost runs out by itself.
    claimAlertDeliveries: async (input) =>
      (await database.callFunction("claim_alert_deliveries", input, claimed)).deliveries,
    recordAlertDelivery: (input) =>
      database.callFunction("record_alert_delivery", input, recorded, { idempotent: true }),
  };
}

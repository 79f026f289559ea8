import * as z from "zod";
import type { CallingFacts } from "../../ports_calling.ts";
import { jsonObject } from "./rows.ts";

const text = z.string().nullable();

/** What `private.describe_calling` answers. */
export const callingFacts: z.ZodType<CallingFacts> = z.object({
  phone: text,
  opted_out: z.boolean(),
  agent: z.object({
    id: z.string(),
    state: z.enum(["draft", "active", "paused", "error"]),
    activation_mode: z.enum(["limited", "full"]),
    assistant_id: text,
    phone_number_id: text,
  }).nullable(),
  own_number: text,
  test_numbers: z.array(z.string()),
  call_countries: z.array(z.string()),
  calling_hours: jsonObject,
  business_hours: jsonObject,
  time_zone: z.string(),
  daily_call_minutes: z.number(),
  org_id: z.string(),
  tier_flags: z.json(),
  open: z.object({
    state: z.enum(["requested", "intended", "placed", "answered"]),
    not_before: z.string(),
    // Whoever calls knows which one: it is what was claimed.
  }).nullable().default(null),
});

import * as z from "zod";
import { parseBusinessHours, WEEKDAYS } from "../business_hours/parse_business_hours.ts";
import { isToolName, type ToolName, TOOLS } from "../tools/registry.ts";
import type { Json, JsonObject } from "../../ports.ts";
import { phoneNumber } from "./phone_number.ts";
import type { WorkspaceInput } from "./workspace_input.ts";

const NAMES = Object.keys(TOOLS);
const tool = z.string().refine((name): name is ToolName => isToolName(name), {
  error: `must be a tool: ${NAMES.join(", ")}`,
});

const list = <Item extends z.ZodType<string>>(item: Item, maximum: number, what: string) =>
  z.array(item).max(maximum).refine(
    (items) => new Set(items).size === items.length,
    `must name each ${what} once`,
  );

const range = z.string().trim().refine(
  (text) => parseBusinessHours({ monday: [text] }) !== null,
  'must be hours such as "08:00-12:30"',
);
const ranges = z.array(range).max(10);
const days = Object.fromEntries(WEEKDAYS.map((day) => [day, ranges.optional()]));
/** `{"monday": ["08:00-12:00", "13:00-17:00"]}`; none: as if nobody had said anything. */
const hours = z.strictObject(days);

/** An offset would be one thing to us and its opposite to Postgres. */
const timeZone = z.string().trim().regex(/^[A-Za-z][A-Za-z0-9_+\-/]{1,63}$/).refine((name) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}, 'must be a time zone, such as "Africa/Kigali"');

const templateName = z.string().trim().regex(
  /^[a-z0-9_]{1,512}$/,
  "must be the name of a WhatsApp template",
);
const template = z.union([
  templateName,
  z.strictObject({
    name: templateName,
    language: z.string().regex(
      /^[a-z]{2,3}(_[A-Z]{2})?$/,
      'must be as Meta has it, such as "en_US"',
    ),
  }),
]);

const perDay = z.int().min(0).max(1_000_000_000);

/** What a workspace save takes of `organization_settings`, each under its column's name. */
export const settingsFields = {
  /** What agents may do, in chat and on the phone; none: all that each of them has. */
  enabled_tools: list(tool, NAMES.length, "tool"),
  /** What prices are in where nobody says otherwise. */
  currency: z.string().trim().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code, such as "RWF"'),
  business_hours: hours,
  /** When nothing is sent of our own accord; `daily` holds for every day. */
  quiet_hours: z.strictObject({ ...days, daily: ranges.optional() }),
  /** When people may be called back; none: in business hours. */
  calling_hours: hours,
  /** Whom we may call; none: the country of the number that we call from. */
  call_countries: list(
    z.string().regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code, such as "RW"'),
    250,
    "country",
  ),
  /** 0: nobody is called back. */
  daily_call_minutes: perDay,
  /** 0: no language model is asked. */
  daily_token_budget: perDay,
  time_zone: timeZone,
  language: z.string().trim().regex(
    /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/,
    'must be a language tag, such as "fr"',
  ),
  fallback_text: z.string().trim().min(1).max(1000),
  /** `null`: nobody is put through. */
  transfer_number: phoneNumber.nullable(),
  test_numbers: list(phoneNumber, 100, "number"),
  missed_call_follow_up: z.boolean(),
  template_names: z.strictObject({
    missed_call: template.optional(),
    window_closed: template.optional(),
  }),
  drift_policy: z.enum(["repair", "report"]),
  phone_knowledge_mode: z.enum(["query_tool", "own_index"]),
  auto_sync: z.boolean(),
};

/** The settings that a save names, or null where it names none. */
export function pickSettings(input: WorkspaceInput): JsonObject | null {
  const named = Object.entries(input).flatMap(([name, value]): [string, Json][] =>
    Object.hasOwn(settingsFields, name) && value !== undefined ? [[name, value as Json]] : []
  );
  return named.length === 0 ? null : Object.fromEntries(named);
}

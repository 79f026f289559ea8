import type { CallContext } from "../../ports_calls.ts";
import type { JsonObject } from "../../ports.ts";
import { chooseLanguage } from "../choose_language.ts";
import {
  evaluateFlags,
  isFeatureEnabled,
  UNIFIED_SERVICE_GROUP,
} from "../rollout/evaluate_flags.ts";
import { parseFlags } from "../rollout/parse_flags.ts";
import { toRolloutKey } from "../rollout/rollout_key.ts";
import type { ToolContext } from "./tool.ts";

/**
 * Who is on the line, as the call's row has it; with `sharedPreferences` also what their chats have
 * learnt: the language they are asked in, the currency they reckon in, where they are.
 */
export function describeCaller(
  context: CallContext,
  { orgId, now, newId }: { orgId: string; now: number; newId: () => string },
): ToolContext {
  const shared = readShared(context, orgId);
  return {
    now,
    channel: "voice",
    language: chooseLanguage(shared["language"], context.settings.language),
    settings: context.settings,
    person: {
      contactId: context.call?.contact_id ?? null,
      phoneNumber: context.call?.phone_number ?? null,
    },
    preferences: {
      currency: readCurrency(shared["currency"]),
      location: readLocation(shared["location"]),
    },
    whatsappConnected: context.whatsapp_connected,
    ...(context.agent === null ? {} : { role: context.agent.role }),
    questions: context.questions,
    newId,
  };
}

/** Nothing where the flag is off, or where the flags can't be read. */
function readShared({ call, flags, preferences }: CallContext, orgId: string): JsonObject {
  const parsed = parseFlags(flags[UNIFIED_SERVICE_GROUP]);
  if (preferences === null || !parsed.ok) return {};
  const { rollout_key: rolloutKey, values } = preferences;
  const number = call?.phone_number ?? null;
  const names = number === null ? [] : [toRolloutKey(number)];
  const decision = evaluateFlags(parsed.flags, { orgId, rolloutKey, names });
  return isFeatureEnabled(decision, "sharedPreferences") ? values : {};
}

function readCurrency(value: unknown): string | null {
  return typeof value === "string" && /^[A-Z]{3}$/.test(value) ? value : null;
}

function readLocation(value: unknown): { latitude: number; longitude: number } | null {
  if (typeof value !== "object" || value === null) return null;
  const { latitude, longitude } = value as { [name: string]: unknown };
  return typeof latitude === "number" && typeof longitude === "number"
    ? { latitude, longitude }
    : null;
}

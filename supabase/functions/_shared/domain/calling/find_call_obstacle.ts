import type { CallingFacts } from "../../ports_calling.ts";
import { isTierOn } from "../rollout/is_tier_on.ts";
import { countryOfNumber } from "./country_of_number.ts";

/** Why nobody will be called, whenever it is. */
export const CALL_OBSTACLES = [
  "no_number",
  "opted_out",
  "not_connected",
  "country_not_allowed",
] as const;
export type CallObstacle = typeof CALL_OBSTACLES[number];

/**
 * What keeps a person from being called, or null. The first that holds decides: no number; STOP, which
 * holds for calls as for messages; no outbound agent that may call them (in limited mode only test
 * numbers) with an assistant and a number at Vapi; a number outside the countries that the
 * organization allows, which are its own number's country unless it says otherwise.
 */
export function findCallObstacle(facts: CallingFacts): CallObstacle | null {
  const { phone, opted_out, agent, own_number, call_countries, test_numbers } = facts;
  if (phone === null) return "no_number";
  if (opted_out) return "opted_out";
  if (
    agent === null || agent.assistant_id === null || agent.phone_number_id === null ||
    agent.state !== "active" ||
    (agent.activation_mode === "limited" && !test_numbers.includes(phone))
  ) return "not_connected";
  const own = own_number === null ? null : countryOfNumber(own_number);
  const allowed = call_countries.length > 0 ? call_countries : own === null ? [] : [own];
  const country = countryOfNumber(phone);
  return country !== null && allowed.includes(country) ? null : "country_not_allowed";
}

/** Whether nobody is called for now: no minutes a day, or calls are not rolled out here. What was asked for waits. */
export function isCallingOff({ daily_call_minutes, tier_flags, org_id }: CallingFacts): boolean {
  return daily_call_minutes === 0 || !isTierOn("vapi_tier_flags", tier_flags, org_id);
}

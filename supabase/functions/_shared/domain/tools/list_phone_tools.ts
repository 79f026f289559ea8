import type { AgentRole } from "../../ports.ts";
import { isToolName, type ToolName, TOOLS } from "./registry.ts";

const BOTH = ["inbound", "outbound"] as const;
const INBOUND = ["inbound"] as const;

/**
 * Whose assistant has a tool on the phone where its organization has enabled nothing in particular:
 * whoever is called by us is told, asked and booked for, whoever calls may want anything. None: only
 * a chat can wait for a person, a call is put through.
 */
const PHONE_ROLES = {
  get_business_hours: BOTH,
  take_message: BOTH,
  transfer_to_person: BOTH,
  send_whatsapp_follow_up: BOTH,
  search_knowledge_base: BOTH,
  search_listings: INBOUND,
  show_listing: INBOUND,
  list_matches: INBOUND,
  create_listing: INBOUND,
  update_listing: INBOUND,
  apply_to_listing: INBOUND,
  list_applications: INBOUND,
  answer_application: INBOUND,
  guide_price: INBOUND,
  price_order: INBOUND,
  place_order: INBOUND,
  reserve_table: INBOUND,
  find_free_slots: BOTH,
  book_appointment: BOTH,
  list_appointments: BOTH,
  cancel_booking: BOTH,
  quote_insurance: BOTH,
  request_policy: BOTH,
  list_policies: INBOUND,
  find_rides: INBOUND,
  list_ride: INBOUND,
  ask_for_seat: INBOUND,
  estimate_fare: INBOUND,
  capture_lead: BOTH,
  request_call: BOTH,
  cancel_call: BOTH,
  open_ticket: BOTH,
  list_tickets: INBOUND,
  hand_over: [],
} satisfies Record<ToolName, readonly AgentRole[]>;

/**
 * The tools that the assistant of a role has, in the registry's order: those that the organization
 * has enabled, or its role's where that is nothing. What these are is what `tool-calls` answers.
 * @param role null where the call's agent isn't known: any role's
 */
export function listPhoneTools(
  enabled: readonly string[],
  role: AgentRole | null,
): ToolName[] {
  return Object.keys(TOOLS).filter(isToolName).filter(isForPhone).filter((name) => {
    const roles: readonly AgentRole[] = PHONE_ROLES[name];
    return enabled.length > 0 ? enabled.includes(name) : role === null || roles.includes(role);
  });
}

export function isForPhone(name: ToolName): boolean {
  return PHONE_ROLES[name].length > 0;
}

import { answerApplication } from "./answer_application.ts";
import { applyToListing } from "./apply_to_listing.ts";
import { askForSeat } from "./ask_for_seat.ts";
import { bookAppointment } from "./book_appointment.ts";
import { cancelBooking } from "./cancel_booking.ts";
import { cancelCall } from "./cancel_call.ts";
import { captureLead } from "./capture_lead.ts";
import { createListing } from "./create_listing.ts";
import { estimateFare } from "./estimate_fare.ts";
import { findFreeSlots } from "./find_free_slots.ts";
import { findRides } from "./find_rides.ts";
import { getBusinessHours } from "./get_business_hours.ts";
import { guidePrice } from "./guide_price.ts";
import { handOver } from "./hand_over.ts";
import { listApplications } from "./list_applications.ts";
import { listAppointments } from "./list_appointments.ts";
import { listMatches } from "./list_matches.ts";
import { listPolicies } from "./list_policies.ts";
import { listRide } from "./list_ride.ts";
import { listTickets } from "./list_tickets.ts";
import { openTicket } from "./open_ticket.ts";
import { placeOrder } from "./place_order.ts";
import { priceOrder } from "./price_order.ts";
import { quoteInsurance } from "./quote_insurance.ts";
import { requestCall } from "./request_call.ts";
import { requestPolicy } from "./request_policy.ts";
import { reserveTable } from "./reserve_table.ts";
import { searchKnowledgeBase } from "./search_knowledge_base.ts";
import { searchListings } from "./search_listings.ts";
import { sendWhatsappFollowUp } from "./send_whatsapp_follow_up.ts";
import { showListing } from "./show_listing.ts";
import { takeMessage } from "./take_message.ts";
import type { Tool } from "./tool.ts";
import { transferToPerson } from "./transfer_to_person.ts";
import { updateListing } from "./update_listing.ts";

/** Every tool by the name that models call it by. A new one is a file here and a line here. */
export const TOOLS = {
  get_business_hours: getBusinessHours,
  take_message: takeMessage,
  transfer_to_person: transferToPerson,
  send_whatsapp_follow_up: sendWhatsappFollowUp,
  search_knowledge_base: searchKnowledgeBase,
  search_listings: searchListings,
  show_listing: showListing,
  create_listing: createListing,
  update_listing: updateListing,
  apply_to_listing: applyToListing,
  list_applications: listApplications,
  answer_application: answerApplication,
  list_matches: listMatches,
  guide_price: guidePrice,
  price_order: priceOrder,
  place_order: placeOrder,
  reserve_table: reserveTable,
  find_free_slots: findFreeSlots,
  book_appointment: bookAppointment,
  list_appointments: listAppointments,
  cancel_booking: cancelBooking,
  quote_insurance: quoteInsurance,
  request_policy: requestPolicy,
  list_policies: listPolicies,
  find_rides: findRides,
  list_ride: listRide,
  ask_for_seat: askForSeat,
  estimate_fare: estimateFare,
  capture_lead: captureLead,
  request_call: requestCall,
  cancel_call: cancelCall,
  open_ticket: openTicket,
  list_tickets: listTickets,
  hand_over: handOver,
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

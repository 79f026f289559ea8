import { answerApplication } from "./answer_application.ts";
import { applyToListing } from "./apply_to_listing.ts";
import { createListing } from "./create_listing.ts";
import { getBusinessHours } from "./get_business_hours.ts";
import { guidePrice } from "./guide_price.ts";
import { listApplications } from "./list_applications.ts";
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
  guide_price: guidePrice,
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

import { getBusinessHours } from "./get_business_hours.ts";
import { searchKnowledgeBase } from "./search_knowledge_base.ts";
import { sendWhatsappFollowUp } from "./send_whatsapp_follow_up.ts";
import { takeMessage } from "./take_message.ts";
import type { Tool } from "./tool.ts";
import { transferToPerson } from "./transfer_to_person.ts";

/** Every tool by the name that models call it by. A new one is a file here and a line here. */
export const TOOLS = {
  get_business_hours: getBusinessHours,
  search_knowledge_base: searchKnowledgeBase,
  take_message: takeMessage,
  transfer_to_person: transferToPerson,
  send_whatsapp_follow_up: sendWhatsappFollowUp,
} satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

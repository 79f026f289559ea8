import * as z from "zod";
import { defineTool } from "./tool.ts";

export const sendWhatsappFollowUp = defineTool({
  description:
    "Sends a WhatsApp message to the person you are talking to, at the number they are calling from. Ask first.",
  input: z.object({
    text: z.string().trim().min(1).max(1000).describe("What to send, in the person's language"),
  }),
  output: z.object({ message: z.string(), queued: z.boolean() }),
  confirm: ({ text }, language) => {
    const words = {
      en: "Send this on WhatsApp?",
      fr: "Envoyer ceci par WhatsApp ?",
      sw: "Nitume hii kwa WhatsApp?",
      rw: "Mbyohereze kuri WhatsApp?",
    };
    return `${words[language]}\n${text}`;
  },
  act({ text }, { person, whatsappConnected }) {
    const refuse = (message: string) => ({ output: { message, queued: false }, effects: [] });
    if (!whatsappConnected) return refuse("WhatsApp is not available here.");
    if (person.contactId === null) {
      return refuse("The caller's number is withheld, so nothing can be sent to it.");
    }
    return {
      output: { message: "The message is on its way.", queued: true },
      effects: [{ kind: "send_whatsapp" as const, text }],
    };
  },
});

import * as z from "zod";
import { defineTool } from "./tool.ts";

export const handOver = defineTool({
  description:
    "Hands the chat over to a person of the organization, where the person asks for one or nothing else helps. On the phone use transfer_to_person.",
  input: z.object({ reason: z.string().trim().max(500).nullish() }),
  output: z.object({ message: z.string(), handed_over: z.boolean() }),
  confirm: (_input, language) => {
    const words = {
      en: "Hand this chat over to a person?",
      fr: "Confier cette conversation à quelqu'un ?",
      sw: "Nimkabidhi mtu mazungumzo haya?",
      rw: "Mpe umuntu iki kiganiro?",
    };
    return words[language];
  },
  act({ reason }, { person, newId, channel }) {
    if (channel === "voice" || person.contactId === null) {
      const message =
        "A call is transferred with transfer_to_person; else offer to take a message.";
      return { output: { message, handed_over: false }, effects: [] };
    }
    return {
      output: { message: "A person will answer here.", handed_over: true },
      effects: [{ kind: "hand_over", id: newId(), reason: reason || "asked for a person" }],
    };
  },
});

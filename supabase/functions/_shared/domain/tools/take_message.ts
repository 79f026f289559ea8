import * as z from "zod";
import { defineTool } from "./tool.ts";

export const takeMessage = defineTool({
  description:
    "Takes a message for the organization's staff. Read it back to the person before using this.",
  input: z.object({
    message: z.string().trim().min(1).max(4000).describe("What the staff should know"),
    caller_name: z.string().trim().max(200).nullish().describe("Who the message is from"),
    callback_number: z.string().trim().max(64).nullish()
      .describe("Where to call back, if it is another number than the one being used"),
    urgent: z.boolean().nullish().describe("Whether it can't wait"),
  }),
  output: z.object({ message: z.string(), taken: z.boolean() }),
  confirm: ({ message, caller_name, callback_number }, language) => {
    const words = {
      en: "Pass this message on to the staff?",
      fr: "Transmettre ce message à l'équipe ?",
      sw: "Niwapelekee wahudumu ujumbe huu?",
      rw: "Mbagezeho ubu butumwa?",
    };
    // A long message may be cut where it is read back: what is asked comes first.
    return [words[language], message, caller_name, callback_number].filter(Boolean).join("\n");
  },
  act({ message, caller_name, callback_number, urgent }, { person }) {
    return {
      output: { message: "The message has been passed on to the staff.", taken: true },
      effects: [{
        kind: "take_message",
        body: message,
        caller_name: caller_name || null,
        callback_number: callback_number || person.phoneNumber,
        urgent: urgent ?? false,
      }],
    };
  },
});

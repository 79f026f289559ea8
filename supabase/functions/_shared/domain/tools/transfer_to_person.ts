import * as z from "zod";
import { decideTransfer } from "../assistant_request/decide_transfer.ts";
import { defineTool } from "./tool.ts";

export const transferToPerson = defineTool({
  description: "Asks whether the person can be put through to somebody of the staff now.",
  input: z.object({}),
  output: z.object({
    message: z.string(),
    available: z.boolean(),
    number: z.string().nullable(),
  }),
  act(_input, { settings, now }) {
    const transfer = decideTransfer(settings, now);
    if (transfer.possible) {
      const message = "Somebody is there. Say that you are putting the caller through, and do it.";
      return {
        output: { message, available: true, number: transfer.number },
        effects: [{ kind: "request_transfer", at: new Date(now).toISOString() }],
      };
    }
    const message = transfer.reason === "closed"
      ? `Nobody is there before ${transfer.opens.day} at ${transfer.opens.time}. Offer to take a message.`
      : "Nobody can be reached by phone. Offer to take a message.";
    return { output: { message, available: false, number: null }, effects: [] };
  },
});

import * as z from "zod";
import { defineTool } from "./tool.ts";

export const cancelBooking = defineTool({
  description:
    "Cancels one of the person's own appointments or table reservations. Have it confirmed first.",
  input: z.object({ booking_id: z.uuid() }),
  output: z.object({ message: z.string() }),
  confirm: (_input, language) => {
    const words = {
      en: "Cancel this booking?",
      fr: "Annuler cette réservation ?",
      sw: "Nighairi nafasi hii?",
      rw: "Mpagarike uyu mwanya?",
    };
    return words[language];
  },
  act: ({ booking_id }) => ({
    output: { message: "The booking is cancelled." },
    effects: [{ kind: "cancel_booking", booking_id }],
  }),
});

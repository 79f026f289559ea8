import * as z from "zod";
import { looseObject, server } from "./plans.ts";
import { destinationNumber, destinationSip } from "./tools.ts";

const everyNumber = {
  hooks: z.array(looseObject).optional(),
  smsEnabled: z.boolean().optional(),
  name: z.string().max(40).optional(),
  twilioAuthToken: z.string().optional(),
  twilioApiKey: z.string().optional(),
  twilioApiSecret: z.string().optional(),
};
const fallbackDestination = z.discriminatedUnion("type", [destinationNumber, destinationSip]);
const number = z.string().regex(/^\+[1-9]\d{6,14}$/, {
  error: "number must be a valid phone number in the E.164 format",
});

/** The body of `POST /phone-number`; of the providers, only numbers imported from Twilio. */
export const createPhoneNumber = z.discriminatedUnion("provider", [
  z.strictObject({
    ...everyNumber,
    provider: z.literal("twilio"),
    number,
    twilioAccountSid: z.string(),
    fallbackDestination: fallbackDestination.optional(),
    assistantId: z.string().optional(),
    workflowId: z.string().optional(),
    squadId: z.string().optional(),
    server: server.optional(),
  }),
]);

/** The body of `PATCH /phone-number/{id}`; null takes a binding away. */
export const updatePhoneNumber = z.strictObject({
  ...everyNumber,
  provider: z.literal("twilio").optional(),
  number: number.optional(),
  twilioAccountSid: z.string().optional(),
  fallbackDestination: fallbackDestination.nullable().optional(),
  assistantId: z.string().nullable().optional(),
  workflowId: z.string().nullable().optional(),
  squadId: z.string().nullable().optional(),
  server: server.nullable().optional(),
});

import * as z from "zod";
import { assistant } from "./assistant.ts";
import { looseObject } from "./plans.ts";

const overrides = z.strictObject({
  ...assistant.shape,
  variableValues: looseObject.optional(),
  "tools:append": z.array(looseObject).optional(),
});

const E164 = /^\+[1-9]\d{6,14}$/;

export const customer = z.strictObject({
  numberE164CheckEnabled: z.boolean().optional(),
  extension: z.string().max(10).optional(),
  assistantOverrides: overrides.optional(),
  squadOverrides: overrides.optional(),
  number: z.string().min(3).max(40).optional(),
  sipUri: z.string().optional(),
  name: z.string().max(40).optional(),
  email: z.string().max(40).optional(),
  externalId: z.string().max(40).optional(),
}).refine(
  ({ number, numberE164CheckEnabled }) =>
    number === undefined || numberE164CheckEnabled === false || E164.test(number),
  {
    path: ["number"],
    error:
      "customer.number must be a valid phone number in the E.164 format. Hot tip, you may be missing the country code (Eg. US: +1).",
  },
);

/** The body of `POST /call`: an outbound phone call. */
export const createCall = z.strictObject({
  assistantVersion: z.string().nullable().optional(),
  transport: looseObject.optional(),
  customers: z.array(customer).optional(),
  name: z.string().max(40).optional(),
  schedulePlan: z.strictObject({
    earliestAt: z.iso.datetime({ offset: true }),
    latestAt: z.iso.datetime({ offset: true }).optional(),
  }).optional(),
  assistantId: z.string().optional(),
  assistant: assistant.optional(),
  assistantOverrides: overrides.optional(),
  squadId: z.string().optional(),
  squad: looseObject.optional(),
  squadOverrides: overrides.optional(),
  workflowId: z.string().optional(),
  workflow: looseObject.optional(),
  workflowOverrides: looseObject.optional(),
  phoneNumberId: z.string().optional(),
  phoneNumber: looseObject.optional(),
  customerId: z.string().optional(),
  customer: customer.optional(),
});

import * as z from "zod";
import { phoneNumber } from "./phone_number.ts";
import { settingsFields } from "./settings_fields.ts";

/** No blanks or control characters: what a paste from a dashboard adds by accident. */
const secret = (name: string, minimum: number, maximum: number) =>
  z.string().trim().regex(
    new RegExp(`^[\\x21-\\x7e]{${minimum},${maximum}}$`),
    `must be a ${name} of ${minimum} to ${maximum} printable characters without blanks`,
  );

const metaId = z.string().trim().regex(/^[0-9]{5,32}$/, "must be an id of 5 to 32 digits");

const fields = {
  vapi_api_key: secret("private Vapi key", 8, 256),
  twilio_account_sid: z.string().trim().regex(
    /^AC[0-9a-fA-F]{32}$/,
    'must be "AC" followed by 32 hexadecimal digits',
  ),
  twilio_auth_token: secret("Twilio auth token", 8, 128),
  twilio_from_number: phoneNumber,
  whatsapp_phone_number_id: metaId,
  whatsapp_business_account_id: metaId,
  whatsapp_access_token: secret("WhatsApp access token", 8, 2048),
  /** `null` forgets a stored one. */
  whatsapp_app_secret: secret("Meta app secret", 8, 128).nullable(),
  ...settingsFields,
};

/**
 * The body of a workspace save: any of the fields, at least one. Whether a group given in part can
 * be completed from what is stored is `completeCredentials`' decision.
 */
export const workspaceInputSchema = z.strictObject(fields).partial().refine(
  (input) => Object.keys(input).length > 0,
  {
    message: `must have at least one of ${Object.keys(fields).join(", ")}`,
    when: ({ issues }) => issues.length === 0,
  },
);

export type WorkspaceInput = z.output<typeof workspaceInputSchema>;

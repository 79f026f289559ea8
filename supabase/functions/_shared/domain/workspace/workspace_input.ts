import * as z from "zod";
import { isToolName, type ToolName, TOOLS } from "../tools/registry.ts";

/** No blanks or control characters: what a paste from a dashboard adds by accident. */
const secret = (name: string, minimum: number, maximum: number) =>
  z.string().trim().regex(
    new RegExp(`^[\\x21-\\x7e]{${minimum},${maximum}}$`),
    `must be a ${name} of ${minimum} to ${maximum} printable characters without blanks`,
  );

const metaId = z.string().trim().regex(/^[0-9]{5,32}$/, "must be an id of 5 to 32 digits");

/** People write numbers with blanks, dots, dashes and brackets; E.164 has none of them. */
const phoneNumber = z.string()
  .transform((text) => text.replaceAll(/[\s().-]/g, ""))
  .pipe(
    z.string().regex(
      /^\+[1-9][0-9]{6,14}$/,
      'must be a phone number in E.164 form, such as "+14155550100"',
    ),
  );

const NAMES = Object.keys(TOOLS);
const tool = z.string().refine((name): name is ToolName => isToolName(name), {
  error: `must be a tool: ${NAMES.join(", ")}`,
});

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
  /** What agents may do, in chat and on the phone; none: all that each of them has. */
  enabled_tools: z.array(tool).max(NAMES.length).refine(
    (names) => new Set(names).size === names.length,
    "must name each tool once",
  ),
  /** What prices are in where nobody says otherwise. */
  currency: z.string().trim().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code, such as "RWF"'),
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

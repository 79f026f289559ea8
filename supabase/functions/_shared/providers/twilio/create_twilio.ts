import * as z from "zod";
import type {
  Clock,
  ConnectOptions,
  RecordProviderCall,
  Twilio,
  TwilioSecrets,
} from "../../ports.ts";
import type { Policy } from "../resilience/create_policy.ts";
import { parseAnswer } from "../resilience/parse_answer.ts";
import { createSender, type Fetch } from "../resilience/send_request.ts";
import { readTwilioRefusal } from "./read_twilio_refusal.ts";

export type TwilioConfig = ConnectOptions & {
  baseUrl: string;
  secrets: TwilioSecrets & { account_sid: string };
  policy: Policy;
  record: RecordProviderCall;
  clock?: Clock;
};

/** Not loose on purpose: the answer holds the account's token, which must not be kept. */
const account = z.object({ sid: z.string(), status: z.string(), friendly_name: z.string() });
const numbers = z.object({
  incoming_phone_numbers: z.array(z.object({
    phone_number: z.string(),
    capabilities: z.object({ voice: z.boolean().optional() }).nullish(),
  })),
});

/** https://www.twilio.com/docs/iam/api/account and /docs/phone-numbers/api/incomingphonenumber-resource */
export function createTwilio(config: TwilioConfig, fetch: Fetch = globalThis.fetch): Twilio {
  const { baseUrl, secrets, policy, record, signal, clock = Date.now } = config;
  const basic = btoa(`${secrets.account_sid}:${secrets.auth_token}`);
  const send = createSender({
    provider: "twilio",
    baseUrl,
    headers: { authorization: `Basic ${basic}` },
    secrets: [basic, secrets.auth_token],
    record,
    ...(signal === undefined ? {} : { signal }),
    readRefusal: readTwilioRefusal,
  }, { policy, fetch, clock });
  const path = `/2010-04-01/Accounts/${encodeURIComponent(secrets.account_sid)}`;

  return {
    async readAccount() {
      const answer = await send({
        operation: "read_account",
        method: "GET",
        path: `${path}.json`,
      });
      return parseAnswer("twilio", account, answer);
    },

    async findNumber(phoneNumber) {
      const answer = await send({
        operation: "find_number",
        method: "GET",
        path: `${path}/IncomingPhoneNumbers.json`,
        query: { PhoneNumber: phoneNumber, PageSize: "1" },
      });
      const found = parseAnswer("twilio", numbers, answer).incoming_phone_numbers
        .find((number) => number.phone_number === phoneNumber);
      return found === undefined
        ? null
        : { phone_number: found.phone_number, voice: found.capabilities?.voice ?? false };
    },
  };
}

import { createHash } from "node:crypto";
import type { TwilioAccount } from "./create_twilio.ts";

/** Twilio's error shape; the code is the one Twilio has for that status. */
export function errorBody(status: number, path: string) {
  const [code, message] = ERRORS[status] ?? [status * 100, "Injected by the simulator"];
  return {
    code,
    message: status === 404 ? `The requested resource ${path} was not found` : message,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  };
}

const ERRORS: Record<number, [code: number, message: string]> = {
  400: [20001, "Invalid parameter"],
  401: [20003, "Authenticate"],
  403: [20403, "Forbidden"],
  404: [20404, "Not found"],
  429: [20429, "Too Many Requests"],
  500: [20500, "An internal server error has occurred"],
  503: [20503, "Service is unavailable"],
};

/** The account as Twilio shows it, its token included. */
export function accountResource(account: TwilioAccount) {
  const uri = `/2010-04-01/Accounts/${account.sid}`;
  return {
    sid: account.sid,
    friendly_name: account.friendly_name ?? "Simulated account",
    status: account.status,
    type: "Full",
    auth_token: account.token,
    owner_account_sid: account.sid,
    date_created: account.createdAt,
    date_updated: account.createdAt,
    uri: `${uri}.json`,
    subresource_uris: { incoming_phone_numbers: `${uri}/IncomingPhoneNumbers.json` },
  };
}

/** One number as Twilio shows it; its sid is derived, so that it stays the same. */
export function numberResource(account: TwilioAccount, number: TwilioAccount["numbers"][number]) {
  const digest = createHash("sha256").update(account.sid + number.phone_number).digest("hex");
  const sid = `PN${digest.slice(0, 32)}`;
  return {
    sid,
    account_sid: account.sid,
    friendly_name: number.phone_number,
    phone_number: number.phone_number,
    capabilities: { voice: number.voice, sms: number.sms, mms: number.sms, fax: false },
    status: "in-use",
    origin: "twilio",
    sms_url: "",
    voice_url: "",
    uri: `/2010-04-01/Accounts/${account.sid}/IncomingPhoneNumbers/${sid}.json`,
  };
}

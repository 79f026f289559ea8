import type { Json, JsonObject } from "../../ports.ts";
import type { IdentityChange } from "../../ports_messaging.ts";
import { readId, readMoment, readObject, readPhone, readText } from "./read_parts.ts";

export type Sender = {
  phone: string | null;
  bsuid: string | null;
  name: string | null;
  username: string | null;
  change: IdentityChange | null;
};

/**
 * Who sent a message, by number, by BSUID or by both, with the profile that the delivery gives.
 * A system message about a new number or BSUID is the old identity's, with the change beside it.
 */
export function readSender(message: JsonObject, profiles: Json[]): Sender {
  const change = readChange(message);
  const profile = findProfile(message, profiles);
  const phone = change === null
    ? readPhone(message["from"]) ?? readPhone(profile["wa_id"])
    : change.previous_phone;
  const bsuid = change === null
    ? readId(message["from_user_id"]) ?? readId(profile["user_id"])
    : change.previous_bsuid;
  const details = readObject(profile["profile"]) ?? {};
  return {
    // Only the new names are known: the change is already the whole identity.
    phone: change !== null && phone === null && bsuid === null ? change.new_phone : phone,
    bsuid: change !== null && phone === null && bsuid === null ? change.new_bsuid : bsuid,
    name: readText(details["name"], 300),
    username: readText(details["username"], 300),
    change,
  };
}

function findProfile(message: JsonObject, profiles: Json[]): JsonObject {
  const known = profiles.map(readObject).filter((profile) => profile !== null);
  const [from, userId] = [
    readId(message["from"]),
    readId(message["from_user_id"]),
  ];
  return known.find((profile) =>
    (userId !== null && readId(profile["user_id"]) === userId) ||
    (from !== null && readId(profile["wa_id"]) === from)
  ) ??
    (known.length === 1 && from === null && userId === null ? known[0]! : {});
}

/**
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/system
 * The new number is `wa_id` (once `new_wa_id`), the new BSUID `user_id`; `from` and
 * `previous_user_id` are the old ones. Either pair may be missing.
 */
function readChange(message: JsonObject): IdentityChange | null {
  const system = readObject(message["system"]);
  if (message["type"] !== "system" || system === null) return null;
  if (
    system["type"] !== "user_changed_number" &&
    system["type"] !== "user_changed_user_id"
  ) {
    return null;
  }
  const new_phone = readPhone(system["new_wa_id"]) ??
    readPhone(system["wa_id"]);
  const new_bsuid = readId(system["user_id"]);
  if (new_phone === null && new_bsuid === null) return null;
  const sender = readId(message["from_user_id"]);
  const from = readPhone(message["from"]);
  return {
    new_phone,
    new_bsuid,
    previous_phone: from === new_phone ? null : from,
    previous_bsuid: readId(system["previous_user_id"]) ??
      (sender === new_bsuid ? null : sender),
    changed_at: readMoment(message["timestamp"]),
  };
}

import type { CallDirection, CallIdentity, CallStatus } from "../../ports_calls.ts";
import { readId, readObject, readText } from "./read_fields.ts";

const DIRECTIONS: { [type: string]: CallDirection } = {
  inboundPhoneCall: "inbound",
  outboundPhoneCall: "outbound",
  webCall: "web",
  "vapi.websocketCall": "web",
  inbound: "inbound",
  outbound: "outbound",
  web: "web",
};

const STATUSES: { [status: string]: CallStatus } = {
  scheduled: "scheduled",
  queued: "queued",
  ringing: "ringing",
  "in-progress": "in-progress",
  forwarding: "forwarding",
  ended: "ended",
  // A call that can't be told of any more is over.
  "not-found": "ended",
};

/**
 * The call a message belongs to, or null where it names none that can be kept apart from others.
 * What stands at the message's own level is believed before what its `call` repeats.
 */
export function readCallIdentity(
  message: { [key: string]: unknown },
): CallIdentity | null {
  const call = readObject(message.call);
  const id = readId(call.id) ?? readId(message.callId) ?? readId(call.callId);
  if (id === null) return null;
  const number = readObject(message.phoneNumber);
  const ownNumber = readObject(call.phoneNumber);
  const customer = readObject(message.customer);
  const ownCustomer = readObject(call.customer);
  const name = readText(call.name, 40);
  return {
    ...(name === null ? {} : { name }),
    id,
    assistant_id: readId(message.assistantId) ?? readId(call.assistantId),
    phone_number_id: readId(message.phoneNumberId) ?? readId(number.id) ??
      readId(call.phoneNumberId) ?? readId(ownNumber.id),
    dialled_number: readPhoneNumber(number.number) ?? readPhoneNumber(message.phoneNumber) ??
      readPhoneNumber(ownNumber.number) ?? readPhoneNumber(call.phoneNumber),
    direction: readDirection(call.type) ?? readDirection(call.direction),
    customer_number: readPhoneNumber(customer.number) ?? readPhoneNumber(message.customerNumber) ??
      readPhoneNumber(ownCustomer.number) ?? readPhoneNumber(call.customerNumber),
    customer_name: readText(customer.name, 200) ?? readText(ownCustomer.name, 200),
  };
}

export function readDirection(value: unknown): CallDirection | null {
  return typeof value === "string" && Object.hasOwn(DIRECTIONS, value) ? DIRECTIONS[value]! : null;
}

export function readStatus(value: unknown): CallStatus | null {
  return typeof value === "string" && Object.hasOwn(STATUSES, value) ? STATUSES[value]! : null;
}

/** A withheld or anonymous caller has none; five digits are the shortest there is. */
function readPhoneNumber(value: unknown): string | null {
  const text = readText(value, 64);
  return text !== null && /^\+?[\d\s().-]{5,}$/.test(text) && /(?:\d\D*){5}/.test(text)
    ? text
    : null;
}

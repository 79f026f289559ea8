import type { Json, JsonObject } from "../../ports.ts";
import type { KeptParts, SplitDelivery } from "../../ports_legacy.ts";
import { cleanJson } from "./clean_json.ts";
import { nameMessage, readStatus } from "./parse_delivery.ts";
import { readId, readList, readObject } from "./read_parts.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * A delivery that WhatsApp could have sent, with nothing in it but these messages and statuses, their
 * numbers, and the profiles of the people in them. Written as Meta writes: what isn't ASCII as `\uXXXX`.
 */
export const splitDelivery: SplitDelivery = (body, kept) => {
  const original = JSON.parse(utf8.decode(body));
  const cleaned = cleanJson(original);
  const [whole, known] = [readObject(original), cleaned.ok ? readObject(cleaned.value) : null];
  if (whole === null || known === null) return null;
  const take = createTaker(kept);
  const entry = readList(whole["entry"]).flatMap((one, place) =>
    splitEntry(one, readList(known["entry"])[place], take)
  );
  if (entry.length === 0) return null;
  return new TextEncoder().encode(escape(JSON.stringify({ object: whole["object"], entry })));
};

/** Whether something is to be kept; each once. */
type Take = (kind: string, phoneNumberId: string | null, id: string | null) => boolean;

function createTaker({ messages, statuses }: KeptParts): Take {
  const name = (...parts: (string | null)[]) => JSON.stringify(parts);
  const wanted = new Set([
    ...messages.map((message) => name("message", message.phone_number_id, message.wamid)),
    ...statuses.map(({ phone_number_id, wamid, status }) => name(status, phone_number_id, wamid)),
  ]);
  return (...parts) => wanted.delete(name(...parts));
}

// What is known by is read from the cleaned text, as when it was stored; what is written is the original.
function splitEntry(one: Json, known: Json | undefined, take: Take): JsonObject[] {
  const entry = readObject(one);
  const changes = readList(entry?.["changes"]).flatMap((change, place) =>
    splitChange(change, readList(readObject(known)?.["changes"])[place], take)
  );
  if (entry === null || changes.length === 0) return [];
  const { id = null, time } = entry;
  return [{ id, ...(time === undefined ? {} : { time }), changes }];
}

function splitChange(one: Json, known: Json | undefined, take: Take): JsonObject[] {
  const [change, seen] = [readObject(one), readObject(known)];
  const [value, cleaned] = [readObject(change?.["value"]), readObject(seen?.["value"])];
  if (seen?.["field"] !== "messages" || value === null || cleaned === null) return [];
  const number = readId(readObject(cleaned["metadata"])?.["phone_number_id"]);
  const messages = readList(value["messages"]).filter((_, place) => {
    const message = readObject(readList(cleaned["messages"])[place]);
    return message !== null &&
      take("message", number, readId(message["id"], 500) ?? nameMessage(message));
  });
  const statuses = readList(value["statuses"]).filter((_, place) => {
    const status = readStatus(readObject(readList(cleaned["statuses"])[place]));
    return status !== null && take(status.status, number, status.wamid);
  });
  if (messages.length + statuses.length === 0) return [];
  const contacts = keepProfiles(readList(value["contacts"]), [...messages, ...statuses]);
  return [{
    value: {
      messaging_product: value["messaging_product"] ?? "whatsapp",
      metadata: value["metadata"] ?? {},
      ...(contacts.length === 0 ? {} : { contacts }),
      ...(messages.length === 0 ? {} : { messages }),
      ...(statuses.length === 0 ? {} : { statuses }),
    },
    field: "messages",
  }];
}

function keepProfiles(profiles: Json[], parts: Json[]): Json[] {
  const people = new Set(parts.flatMap((part) => {
    const { from, from_user_id, recipient_id, recipient_user_id } = readObject(part) ?? {};
    return [from, from_user_id, recipient_id, recipient_user_id].flatMap((id) => readId(id) ?? []);
  }));
  return profiles.filter((profile) => {
    const { wa_id, user_id } = readObject(profile) ?? {};
    return [wa_id, user_id].some((id) => people.has(readId(id) ?? ""));
  });
}

function escape(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

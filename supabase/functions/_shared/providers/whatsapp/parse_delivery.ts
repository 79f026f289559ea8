import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../../ports.ts";
import type {
  InboundMessage,
  InboundType,
  MessageStatus,
  Notice,
  ParsedDelivery,
  StatusUpdate,
} from "../../ports_messaging.ts";
import { cleanJson, isSurelyClean } from "./clean_json.ts";
import { readContent } from "./read_content.ts";
import { readSender } from "./read_identity.ts";
import { readCode, readId, readList, readMoment, readObject, readText } from "./read_parts.ts";

/** `played` is a voice message's `read`. */
const STATUSES: { [status: string]: MessageStatus } = {
  sent: "sent",
  delivered: "delivered",
  read: "read",
  played: "read",
  failed: "failed",
};
/** Nobody expects an answer to these. */
const SILENT: readonly InboundType[] = ["system", "edit", "revoke"];
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Everything in a delivery: every entry, change, message, status and error. What isn't known is kept
 * (`unsupported` messages, notices); what can't be read at all is not ok, with the reason, and is for
 * the caller to keep. Never throws.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
 */
export function parseDelivery(body: Uint8Array): ParsedDelivery {
  try {
    return parseBody(body);
  } catch (error) {
    // Never the error's own words: they quote the body, whatever is in it.
    const reason = error instanceof SyntaxError
      ? "the body is not JSON"
      : error instanceof TypeError
      ? "the body is not UTF-8"
      : "the body can't be read";
    return { ok: false, reason };
  }
}

function parseBody(body: Uint8Array): ParsedDelivery {
  const text = utf8.decode(body);
  const original = readObject(JSON.parse(text));
  if (original === null) {
    return { ok: false, reason: "the body is not an object" };
  }
  const cleaned = isSurelyClean(text)
    ? { ok: true as const, value: original, changed: false }
    : cleanJson(original);
  if (!cleaned.ok) {
    return { ok: false, reason: "the body is nested too deeply" };
  }
  const envelope = readObject(cleaned.value) ?? {};
  if (
    envelope["object"] !== "whatsapp_business_account" ||
    !Array.isArray(envelope["entry"])
  ) {
    return { ok: false, reason: "the body is not a WhatsApp delivery" };
  }
  const found: Found = { messages: [], statuses: [], notices: [] };
  envelope["entry"].forEach((entry, entryIndex) => {
    const path = [entryIndex];
    readEntry(
      entry,
      found,
      cleaned.changed ? (rest) => findRaw(original, [...path, ...rest]) : null,
    );
  });
  return { ok: true, ...found };
}

type Found = {
  messages: InboundMessage[];
  statuses: StatusUpdate[];
  notices: Notice[];
};
/** The text of a message before cleaning, by [change, message]; null where nothing was cleaned. */
type ReadRaw = ((path: number[]) => Json) | null;

function findRaw(
  envelope: JsonObject,
  [entry, change, message]: number[],
): Json {
  const changes = readList(
    readObject(readList(envelope["entry"])[entry!])?.["changes"],
  );
  const value = readObject(readObject(changes[change!])?.["value"]);
  return readList(value?.["messages"])[message!] ?? null;
}

function readEntry(value: Json, found: Found, readRaw: ReadRaw): void {
  const entry = readObject(value);
  const business_account_id = readId(entry?.["id"]);
  const changes = entry?.["changes"];
  if (entry === null || !Array.isArray(changes)) {
    found.notices.push({
      business_account_id,
      phone_number_id: null,
      field: "unknown",
      payload: value,
    });
    return;
  }
  changes.forEach((one, index) => {
    const change = readObject(one);
    const field = readText(change?.["field"], 200) ?? "unknown";
    const inside = readObject(change?.["value"]);
    if (field !== "messages" || inside === null) {
      found.notices.push({
        business_account_id,
        phone_number_id: readNumberId(inside),
        field,
        payload: one,
      });
      return;
    }
    readMessages(
      inside,
      business_account_id,
      found,
      readRaw && ((path) => readRaw([index, ...path])),
    );
  });
}

function readNumberId(value: JsonObject | null): string | null {
  return readId(readObject(value?.["metadata"])?.["phone_number_id"]);
}

function readMessages(
  value: JsonObject,
  business_account_id: string | null,
  found: Found,
  readRaw: ReadRaw,
): void {
  const origin = { business_account_id, phone_number_id: readNumberId(value) };
  const profiles = readList(value["contacts"]);
  const notice = (field: string, payload: Json) =>
    found.notices.push({ ...origin, field, payload });
  const [messages, statuses, errors] = ["messages", "statuses", "errors"]
    .map((name) => readList(value[name])) as [Json[], Json[], Json[]];

  messages.forEach((one, index) => {
    const message = readObject(one);
    if (message === null) notice("unknown", one);
    else {
      found.messages.push({
        ...origin,
        ...readMessage(message, profiles),
        raw_text: readRaw === null ? null : readRawText(readRaw([index]), message),
      });
    }
  });
  for (const one of statuses) {
    const status = readStatus(readObject(one));
    if (status === null) notice("unknown_status", one);
    else {found.statuses.push({
        phone_number_id: origin.phone_number_id,
        ...status,
      });}
  }
  for (const error of errors) notice("errors", error);
  if (messages.length + statuses.length + errors.length === 0) {
    notice("messages", value);
  }
}

function readMessage(
  message: JsonObject,
  profiles: Json[],
): Omit<
  InboundMessage,
  "phone_number_id" | "business_account_id" | "raw_text"
> {
  const { type, ...content } = readContent(message);
  return {
    wamid: readId(message["id"], 500) ?? nameMessage(message),
    type,
    ...readSender(message, profiles),
    needs_turn: !SILENT.includes(type),
    sent_at: readMoment(message["timestamp"]),
    content,
    payload: message,
  };
}

/** The same message without an id, delivered again, is the same message. */
export function nameMessage(message: JsonObject): string {
  return `sha256:${createHash("sha256").update(JSON.stringify(message)).digest("hex")}`;
}

function readRawText(raw: Json, cleaned: JsonObject): string | null {
  const text = JSON.stringify(raw);
  return text === JSON.stringify(cleaned) ? null : text;
}

export function readStatus(
  status: JsonObject | null,
): Omit<StatusUpdate, "phone_number_id"> | null {
  const wamid = readId(status?.["id"], 500);
  const name = readText(status?.["status"], 50) ?? "";
  const known = Object.hasOwn(STATUSES, name) ? STATUSES[name] : undefined;
  if (status === null || wamid === null || known === undefined) return null;
  const row = readText(status["biz_opaque_callback_data"], 512);
  const error = readObject(readList(status["errors"])[0]);
  const details = readText(
    readObject(error?.["error_data"])?.["details"],
    1000,
  );
  return {
    wamid,
    row_id: row !== null && UUID.test(row) ? row.toLowerCase() : null,
    status: known,
    at: readMoment(status["timestamp"]),
    error_code: readCode(error?.["code"]),
    error: error === null ? null : details ?? readText(error["message"], 1000) ??
      readText(error["title"], 1000),
  };
}

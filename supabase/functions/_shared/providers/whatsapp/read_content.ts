import type { Json, JsonObject } from "../../ports.ts";
import { INBOUND_TYPES, type InboundType } from "../../ports_messaging.ts";
import { cleanJson } from "./clean_json.ts";
import { compact, readId, readList, readNumber, readObject, readText } from "./read_parts.ts";

type ReadContent = (part: JsonObject, message: JsonObject) => JsonObject | null;

const media: ReadContent = (part) => {
  const id = readId(part["id"]);
  return id === null ? null : compact({
    media_id: id,
    mime_type: readText(part["mime_type"], 200),
    sha256: readText(part["sha256"], 200),
    caption: readText(part["caption"]),
    filename: readText(part["filename"], 500),
    voice: part["voice"] === true ? true : null,
  });
};

const location: ReadContent = (part) => {
  const [latitude, longitude] = [
    readNumber(part["latitude"]),
    readNumber(part["longitude"]),
  ];
  if (latitude === null || longitude === null) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return compact({
    latitude,
    longitude,
    name: readText(part["name"], 1000),
    address: readText(part["address"], 1000),
  });
};

/** `interactive` holds the reply under the name of its type. */
const interactive: ReadContent = (part) => {
  const reply = readText(part["type"], 100);
  if (reply === null) return null;
  const chosen = readObject(part[reply]) ?? {};
  switch (reply) {
    case "button_reply":
    case "list_reply": {
      const id = readId(chosen["id"], 256);
      return id === null ? null : compact({
        reply,
        id,
        title: readText(chosen["title"], 200),
        description: readText(chosen["description"], 200),
      });
    }
    case "nfm_reply":
      return compact({
        reply,
        body: readText(chosen["body"]),
        response: readResponse(chosen["response_json"]),
      });
    case "call_permission_reply":
      return compact({
        reply,
        response: readText(chosen["response"], 100),
        permanent: chosen["is_permanent"] === true ? true : null,
      });
    default:
      return null;
  }
};

/** JSON within JSON: it is read here for the first time, so it is cleaned here as well. */
function readResponse(value: unknown): Json {
  if (typeof value !== "string") return readObject(value);
  try {
    const cleaned = cleanJson(JSON.parse(value));
    return cleaned.ok ? readObject(cleaned.value) : null;
  } catch {
    return null;
  }
}

const order: ReadContent = (part) => ({
  ...compact({
    catalog_id: readId(part["catalog_id"]),
    text: readText(part["text"]),
  }),
  items: readList(part["product_items"]).map((item) => {
    const product = readObject(item) ?? {};
    return compact({
      product_retailer_id: readId(product["product_retailer_id"], 500),
      quantity: readNumber(product["quantity"]),
      item_price: readNumber(product["item_price"]),
      currency: readText(product["currency"], 10),
    });
  }),
});

const reaction: ReadContent = (part) => {
  const id = readId(part["message_id"], 500);
  // No emoji: the reaction was taken back.
  return id === null ? null : { message_id: id, emoji: readText(part["emoji"], 50) };
};

const edit: ReadContent = (part) => {
  const id = readId(part["original_message_id"], 500);
  if (id === null) return null;
  const edited = readObject(part["message"]);
  return compact({
    original_message_id: id,
    message: edited === null ? undefined : readContent(edited),
  });
};

const revoke: ReadContent = (part) => {
  const id = readId(part["original_message_id"], 500);
  return id === null ? null : { original_message_id: id };
};

const READERS: {
  [Type in Exclude<InboundType, "unsupported" | "contacts">]: ReadContent;
} = {
  text: (part) => {
    const text = readText(part["body"]);
    return text === null ? null : { text };
  },
  image: media,
  video: media,
  document: media,
  sticker: media,
  audio: media,
  location,
  button: (part) =>
    compact({
      text: readText(part["text"], 1000),
      payload: readText(part["payload"], 1000),
    }),
  interactive,
  order,
  reaction,
  system: (part) =>
    compact({
      event: readText(part["type"], 100),
      text: readText(part["body"], 1000),
    }),
  edit,
  revoke,
  request_welcome: () => ({}),
};

/**
 * A message's content in our words, `{type, …}`. One whose type isn't known, or whose part isn't as
 * that type says, is `unsupported`; its payload is kept whole either way.
 */
export function readContent(
  message: JsonObject,
): { type: InboundType } & JsonObject {
  const type = readText(message["type"], 100);
  const known = INBOUND_TYPES.find((name) => name === type);
  const content = known === undefined ? null : readKnown(known, message);
  if (known === undefined || content === null) {
    return {
      type: "unsupported",
      ...compact({ original_type: type }),
      ...readErrors(message),
    };
  }
  return { type: known, ...content, ...readSurroundings(message) };
}

function readKnown(type: InboundType, message: JsonObject): JsonObject | null {
  if (type === "unsupported") return readErrors(message);
  if (type === "contacts") {
    const cards = readList(message["contacts"]).map(readCard);
    return cards.length === 0 ? null : { contacts: cards };
  }
  const part = readObject(message[type]);
  // A welcome request says nothing but its type.
  if (part === null && type !== "request_welcome") return null;
  return READERS[type](part ?? {}, message);
}

function readCard(value: Json): JsonObject {
  const card = readObject(value) ?? {};
  return compact({
    name: readText(readObject(card["name"])?.["formatted_name"], 500),
    phones: readList(card["phones"]).flatMap((phone) =>
      readText(readObject(phone)?.["phone"], 50) ?? []
    ),
  });
}

function readErrors(message: JsonObject): JsonObject {
  const errors = readList(message["errors"]).map((value) => {
    const error = readObject(value) ?? {};
    return compact({
      code: readNumber(error["code"]),
      title: readText(error["title"], 500),
    });
  });
  return errors.length === 0 ? {} : { errors };
}

/** What it answers, whether it was passed on, and the advertisement it came from. */
function readSurroundings(message: JsonObject): JsonObject {
  const context = readObject(message["context"]) ?? {};
  const referral = readObject(message["referral"]);
  return compact({
    reply_to: readId(context["id"], 500),
    forwarded: context["forwarded"] === true || context["frequently_forwarded"] === true
      ? true
      : null,
    group_id: readId(message["group_id"], 500),
    referral: referral === null ? null : compact({
      source_url: readText(referral["source_url"], 2000),
      source_type: readText(referral["source_type"], 100),
      source_id: readId(referral["source_id"]),
      headline: readText(referral["headline"], 1000),
      body: readText(referral["body"], 5000),
    }),
  });
}

import * as fc from "fast-check";

const anything = fc.jsonValue({ maxDepth: 4 });
/** Payloads that look right in most places and can be anything in any of them. */
function mostly<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 8, arbitrary },
    { weight: 1, arbitrary: anything },
    {
      weight: 1,
      arbitrary: fc.constant(undefined),
    },
  );
}
const text = fc.oneof(
  fc.string(),
  fc.constantFrom("", "\0", "\ud800", "__proto__", "wamid.1", "16505551234"),
);
const part = mostly(fc.dictionary(
  fc.constantFrom(
    "id",
    "body",
    "type",
    "button_reply",
    "list_reply",
    "nfm_reply",
    "response_json",
    "title",
    "latitude",
    "longitude",
    "message_id",
    "emoji",
    "wa_id",
    "user_id",
    "previous_user_id",
    "original_message_id",
    "message",
    "product_items",
  ),
  fc.oneof(text, anything),
));
const type = mostly(
  fc.constantFrom(
    "text",
    "image",
    "audio",
    "location",
    "contacts",
    "button",
    "interactive",
    "order",
    "reaction",
    "system",
    "edit",
    "revoke",
    "request_welcome",
    "unsupported",
    "poll",
  ),
);
const message = mostly(fc.record({
  id: mostly(text),
  from: mostly(text),
  from_user_id: mostly(text),
  timestamp: mostly(fc.oneof(fc.double(), fc.integer().map(String))),
  type,
  text: part,
  image: part,
  location: part,
  contacts: mostly(fc.array(part)),
  button: part,
  interactive: part,
  order: part,
  reaction: part,
  system: mostly(
    fc.record({
      type: mostly(
        fc.constantFrom("user_changed_number", "user_changed_user_id"),
      ),
      wa_id: mostly(text),
      user_id: mostly(text),
    }),
  ),
  edit: part,
  revoke: part,
  context: part,
  referral: part,
  errors: mostly(fc.array(part)),
}));
const status = mostly(
  fc.record({
    id: mostly(text),
    status: mostly(fc.constantFrom("sent", "read", "failed", "toString")),
    timestamp: mostly(text),
    errors: mostly(fc.array(part)),
    biz_opaque_callback_data: mostly(text),
  }),
);

/** Deliveries that look like WhatsApp's in most places, for the number of `metadata` in most of them. */
export function arbitraryDelivery(metadata: Record<string, string>): fc.Arbitrary<unknown> {
  return mostly(fc.record({
    object: mostly(fc.constant("whatsapp_business_account")),
    entry: mostly(fc.array(
      mostly(fc.record({
        id: mostly(text),
        changes: mostly(fc.array(
          mostly(fc.record({
            field: mostly(fc.constant("messages")),
            value: mostly(fc.record({
              metadata: mostly(fc.constant(metadata)),
              contacts: mostly(fc.array(part)),
              messages: mostly(fc.array(message, { maxLength: 3 })),
              statuses: mostly(fc.array(status, { maxLength: 3 })),
              errors: mostly(fc.array(part, { maxLength: 2 })),
            })),
          })),
          { maxLength: 3 },
        )),
      })),
      { maxLength: 3 },
    )),
  }));
}

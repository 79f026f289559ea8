import assert from "node:assert/strict";
import * as fc from "fast-check";
import { arbitraryDelivery } from "../../../../../tests/support/arbitrary_delivery.ts";
import type { InboundMessage } from "../../ports_messaging.ts";
import { parseDelivery } from "./parse_delivery.ts";

const encode = (value: unknown) =>
  new TextEncoder().encode(
    typeof value === "string" ? value : JSON.stringify(value),
  );
const metadata = {
  display_phone_number: "15550783881",
  phone_number_id: "106540352242922",
};

function deliver(value: Record<string, unknown>, field = "messages") {
  return {
    object: "whatsapp_business_account",
    entry: [{
      id: "102290129340398",
      changes: [{
        field,
        value: { messaging_product: "whatsapp", metadata, ...value },
      }],
    }],
  };
}

function parse(value: unknown) {
  const parsed = parseDelivery(encode(value));
  assert.ok(parsed.ok, parsed.ok ? "" : parsed.reason);
  return parsed;
}

function parseOne(
  message: Record<string, unknown>,
  contacts?: unknown[],
): InboundMessage {
  const { messages } = parse(deliver({
    ...(contacts ? { contacts } : {}),
    messages: [{
      from: "16505551234",
      id: "wamid.A",
      timestamp: "1749416383",
      ...message,
    }],
  }));
  assert.equal(messages.length, 1);
  return messages[0]!;
}

Deno.test("a text message", () => {
  const message = parseOne({ type: "text", text: { body: "Muraho" } }, [
    {
      profile: { name: "Sheena Nelson", username: "@sheena" },
      wa_id: "16505551234",
    },
  ]);
  assert.deepEqual(message, {
    business_account_id: "102290129340398",
    phone_number_id: "106540352242922",
    wamid: "wamid.A",
    type: "text",
    phone: "16505551234",
    bsuid: null,
    name: "Sheena Nelson",
    username: "@sheena",
    change: null,
    needs_turn: true,
    sent_at: "2025-06-08T20:59:43.000Z",
    content: { text: "Muraho" },
    payload: {
      from: "16505551234",
      id: "wamid.A",
      timestamp: "1749416383",
      type: "text",
      text: { body: "Muraho" },
    },
    raw_text: null,
  });
});

Deno.test("every type of message is read in our words", async (test) => {
  const cases: [string, Record<string, unknown>, string, unknown][] = [
    [
      "image",
      {
        image: {
          id: "1",
          mime_type: "image/jpeg",
          sha256: "x",
          caption: "Look",
        },
      },
      "image",
      {
        media_id: "1",
        mime_type: "image/jpeg",
        sha256: "x",
        caption: "Look",
      },
    ],
    ["video", { video: { id: 2 } }, "video", { media_id: "2" }],
    ["document", { document: { id: "3", filename: "cv.pdf" } }, "document", {
      media_id: "3",
      filename: "cv.pdf",
    }],
    ["sticker", { sticker: { id: "4", animated: false } }, "sticker", {
      media_id: "4",
    }],
    ["audio", { audio: { id: "5", voice: true } }, "audio", {
      media_id: "5",
      voice: true,
    }],
    [
      "location",
      { location: { latitude: -1.95, longitude: "30.06", name: "Kigali" } },
      "location",
      {
        latitude: -1.95,
        longitude: 30.06,
        name: "Kigali",
      },
    ],
    [
      "contacts",
      {
        contacts: [{
          name: { formatted_name: "Ada" },
          phones: [{ phone: "+1 555" }, {}],
        }],
      },
      "contacts",
      { contacts: [{ name: "Ada", phones: ["+1 555"] }] },
    ],
    ["button", { button: { text: "Yes", payload: "yes-1" } }, "button", {
      text: "Yes",
      payload: "yes-1",
    }],
    [
      "interactive",
      {
        interactive: {
          type: "button_reply",
          button_reply: { id: "b", title: "B" },
        },
      },
      "interactive",
      {
        reply: "button_reply",
        id: "b",
        title: "B",
      },
    ],
    [
      "interactive",
      {
        interactive: {
          type: "list_reply",
          list_reply: { id: "r", title: "R", description: "D" },
        },
      },
      "interactive",
      { reply: "list_reply", id: "r", title: "R", description: "D" },
    ],
    [
      "interactive",
      {
        interactive: {
          type: "nfm_reply",
          nfm_reply: { body: "Sent", response_json: '{"a":1}' },
        },
      },
      "interactive",
      { reply: "nfm_reply", body: "Sent", response: { a: 1 } },
    ],
    [
      "interactive",
      {
        interactive: {
          type: "call_permission_reply",
          call_permission_reply: { response: "accept", is_permanent: true },
        },
      },
      "interactive",
      { reply: "call_permission_reply", response: "accept", permanent: true },
    ],
    [
      "order",
      {
        order: {
          catalog_id: "c",
          product_items: [{
            product_retailer_id: "p",
            quantity: "2",
            item_price: 3.5,
            currency: "RWF",
          }],
        },
      },
      "order",
      {
        catalog_id: "c",
        items: [{
          product_retailer_id: "p",
          quantity: 2,
          item_price: 3.5,
          currency: "RWF",
        }],
      },
    ],
    [
      "reaction",
      { reaction: { message_id: "wamid.B", emoji: "👍" } },
      "reaction",
      {
        message_id: "wamid.B",
        emoji: "👍",
      },
    ],
    ["reaction", { reaction: { message_id: "wamid.B" } }, "reaction", {
      message_id: "wamid.B",
      emoji: null,
    }],
    [
      "system",
      { system: { type: "customer_identity_changed", body: "x" } },
      "system",
      {
        event: "customer_identity_changed",
        text: "x",
      },
    ],
    [
      "edit",
      {
        edit: {
          original_message_id: "wamid.B",
          message: { type: "text", text: { body: "Better" } },
        },
      },
      "edit",
      {
        original_message_id: "wamid.B",
        message: { type: "text", text: "Better" },
      },
    ],
    ["revoke", { revoke: { original_message_id: "wamid.B" } }, "revoke", {
      original_message_id: "wamid.B",
    }],
    ["request_welcome", {}, "request_welcome", {}],
    [
      "unsupported",
      { errors: [{ code: 131051, title: "Unsupported message type" }] },
      "unsupported",
      {
        errors: [{ code: 131051, title: "Unsupported message type" }],
      },
    ],
    ["hologram", { hologram: { id: 1 } }, "unsupported", {
      original_type: "hologram",
    }],
    ["interactive", {}, "unsupported", { original_type: "interactive" }],
    ["interactive", { interactive: { type: "list_reply" } }, "unsupported", {
      original_type: "interactive",
    }],
    ["location", { location: { latitude: 91, longitude: 0 } }, "unsupported", {
      original_type: "location",
    }],
    ["text", { text: "not an object" }, "unsupported", {
      original_type: "text",
    }],
    ["constructor", { constructor: {} }, "unsupported", {
      original_type: "constructor",
    }],
  ];
  for (const [type, part, expected, content] of cases) {
    await test.step(`${type} ${JSON.stringify(part).slice(0, 60)}`, () => {
      const message = parseOne({ type, ...part });
      assert.equal(message.type, expected);
      assert.deepEqual(message.content, content);
      assert.equal(
        message.needs_turn,
        !["system", "edit", "revoke"].includes(expected),
      );
      assert.deepEqual(
        (message.payload as Record<string, unknown>)[type],
        (part as Record<string, unknown>)[type],
      );
    });
  }
  await test.step("no type at all", () => assert.equal(parseOne({}).type, "unsupported"));
});

Deno.test("context and referral come along", () => {
  const message = parseOne({
    type: "text",
    text: { body: "Hi" },
    context: { from: "1", id: "wamid.Z", forwarded: true },
    referral: {
      source_url: "https://fb.me/x",
      source_type: "ad",
      headline: "Chat",
    },
  });
  assert.deepEqual(message.content, {
    text: "Hi",
    reply_to: "wamid.Z",
    forwarded: true,
    referral: {
      source_url: "https://fb.me/x",
      source_type: "ad",
      headline: "Chat",
    },
  });
});

Deno.test("people are known by number, by BSUID or by both", async (test) => {
  const text = { type: "text", text: { body: "x" } };
  const cases: [
    string,
    Record<string, unknown>,
    unknown[],
    [string | null, string | null, string | null],
  ][] = [
    ["both", { from_user_id: "US.1" }, [{
      profile: { name: "A" },
      wa_id: "16505551234",
      user_id: "US.1",
    }], [
      "16505551234",
      "US.1",
      "A",
    ]],
    ["a BSUID alone", { from: undefined, from_user_id: "US.1" }, [{
      profile: { name: "A" },
      user_id: "US.1",
    }], [
      null,
      "US.1",
      "A",
    ]],
    ["only in the profile", { from: undefined }, [{
      profile: { name: "A" },
      user_id: "US.1",
      wa_id: "+1 650 555",
    }], [
      "1650555",
      "US.1",
      "A",
    ]],
    ["somebody else's profile", {}, [{
      profile: { name: "B" },
      wa_id: "999999",
    }], [
      "16505551234",
      null,
      null,
    ]],
    ["one of several profiles", {}, [
      { profile: { name: "B" }, wa_id: "999999" },
      { profile: { name: "A" }, wa_id: "16505551234" },
    ], ["16505551234", null, "A"]],
    ["nobody", { from: undefined }, [], [null, null, null]],
    ["no number", { from: "anonymous" }, [], [null, null, null]],
  ];
  for (const [name, part, contacts, expected] of cases) {
    await test.step(name, () => {
      const message = parseOne({ ...text, ...part }, contacts);
      assert.deepEqual([message.phone, message.bsuid, message.name], expected);
    });
  }
});

Deno.test("a changed number or BSUID is the old identity's, with the change beside it", async (test) => {
  const cases: [string, Record<string, unknown>, unknown][] = [
    ["a number", {
      system: { type: "user_changed_number", wa_id: "12195555358" },
    }, {
      phone: "16505551234",
      bsuid: null,
      new_phone: "12195555358",
      new_bsuid: null,
    }],
    ["a number, as it was told once", {
      system: { type: "user_changed_number", new_wa_id: "12195555358" },
    }, {
      phone: "16505551234",
      bsuid: null,
      new_phone: "12195555358",
      new_bsuid: null,
    }],
    ["both", {
      from_user_id: "US.2",
      system: {
        type: "user_changed_number",
        wa_id: "12195555358",
        user_id: "US.2",
        previous_user_id: "US.1",
      },
    }, {
      phone: "16505551234",
      bsuid: "US.1",
      new_phone: "12195555358",
      new_bsuid: "US.2",
    }],
    ["a BSUID alone", {
      from: undefined,
      system: {
        type: "user_changed_user_id",
        user_id: "US.2",
        previous_user_id: "US.1",
      },
    }, { phone: null, bsuid: "US.1", new_phone: null, new_bsuid: "US.2" }],
    ["nothing but the new one", {
      from: undefined,
      system: { type: "user_changed_user_id", user_id: "US.2" },
    }, { phone: null, bsuid: "US.2", new_phone: null, new_bsuid: "US.2" }],
  ];
  for (const [name, part, expected] of cases) {
    await test.step(name, () => {
      const { phone, bsuid, change, type } = parseOne({
        type: "system",
        ...part,
      });
      assert.deepEqual(
        {
          phone,
          bsuid,
          new_phone: change?.new_phone,
          new_bsuid: change?.new_bsuid,
        },
        expected,
      );
      assert.equal(type, "system");
    });
  }
});

Deno.test("statuses", () => {
  const { statuses } = parse(deliver({
    statuses: [
      {
        id: "wamid.A",
        status: "delivered",
        timestamp: "1749416383",
        recipient_id: "16505551234",
        biz_opaque_callback_data: "890CB2CA-c2cd-429a-96f2-1b7a38f9cf2d",
      },
      { id: "wamid.B", status: "played", timestamp: 1749416383 },
      {
        id: "wamid.C",
        status: "failed",
        timestamp: "x",
        biz_opaque_callback_data: "somebody else's",
        errors: [{
          code: 131026,
          title: "Undeliverable",
          error_data: { details: "Not a user" },
        }],
      },
    ],
  }));
  const at = "2025-06-08T20:59:43.000Z";
  const phone_number_id = "106540352242922";
  const fine = { phone_number_id, error_code: null, error: null };
  assert.deepEqual(statuses, [
    {
      ...fine,
      wamid: "wamid.A",
      row_id: "890cb2ca-c2cd-429a-96f2-1b7a38f9cf2d",
      status: "delivered",
      at,
    },
    { ...fine, wamid: "wamid.B", row_id: null, status: "read", at },
    {
      phone_number_id,
      wamid: "wamid.C",
      row_id: null,
      status: "failed",
      at: null,
      error_code: 131026,
      error: "Not a user",
    },
  ]);
});

Deno.test("whatever else comes is kept as a notice", () => {
  const template = { event: "APPROVED", message_template_name: "hello" };
  const { notices, messages } = parse({
    object: "whatsapp_business_account",
    entry: [
      "nonsense",
      {
        id: 1,
        changes: [
          { field: "message_template_status_update", value: template },
          {
            field: "messages",
            value: {
              metadata,
              errors: [{ code: 130429, title: "Rate limit hit" }],
            },
          },
          {
            field: "messages",
            value: {
              metadata,
              statuses: [{ id: "wamid.A", status: "vaporised" }],
            },
          },
          { field: "messages", value: { metadata, messages: [17] } },
          { field: "messages", value: { metadata, calls: [] } },
          null,
        ],
      },
    ],
  });
  assert.deepEqual(notices.map(({ field }) => field), [
    "unknown",
    "message_template_status_update",
    "errors",
    "unknown_status",
    "unknown",
    "messages",
    "unknown",
  ]);
  assert.deepEqual(notices[1], {
    business_account_id: "1",
    phone_number_id: null,
    field: "message_template_status_update",
    payload: { field: "message_template_status_update", value: template },
  });
  assert.deepEqual(messages, []);
});

Deno.test("what jsonb refuses is cleaned, and kept as it was written", () => {
  const body = JSON.stringify(deliver({
    messages: [
      {
        from: "16505551234",
        id: "wamid.A",
        type: "text",
        text: { body: "NULLCHAR a LONE b" },
      },
      {
        from: "16505551234",
        id: "wamid.B",
        type: "text",
        text: { body: "fine" },
      },
    ],
  })).replace("NULLCHAR", "\\u0000").replace("LONE", "\\ud83d");
  const { messages } = parse(body);
  assert.equal(messages[0]!.content["text"], " a \ufffd b");
  assert.match(messages[0]!.raw_text ?? "", /\\u0000 a \\ud83d b/);
  assert.ok(!JSON.stringify(messages[0]!.payload).includes("\\u0000"));
  assert.equal(messages[1]!.raw_text, null);
});

Deno.test("JSON within JSON is cleaned as well", () => {
  const { content } = parseOne({
    type: "interactive",
    interactive: {
      type: "nfm_reply",
      nfm_reply: { response_json: '{"a":"\\u0000b\\ud800"}' },
    },
  });
  assert.deepEqual(content["response"], { a: "b\ufffd" });
});

Deno.test("escaped and plain characters are the same message", () => {
  const plain = JSON.stringify(
    deliver({
      messages: [{ id: "wamid.A", type: "text", text: { body: "é🙂" } }],
    }),
  );
  const escaped = plain.replace("é", "\\u00e9").replace("🙂", "\\ud83d\\ude42");
  assert.notEqual(plain, escaped);
  assert.deepEqual(parse(plain), parse(escaped));
  assert.equal(parse(escaped).messages[0]!.raw_text, null);
});

Deno.test("a message without an id is the same one when it comes again", () => {
  const bare = deliver({
    messages: [{ from: "16505551234", type: "text", text: { body: "x" } }],
  });
  const [first, again] = [parse(bare).messages[0]!, parse(bare).messages[0]!];
  assert.match(first.wamid, /^sha256:[0-9a-f]{64}$/);
  assert.equal(first.wamid, again.wamid);
});

Deno.test("what can't be read is said to be so, with the reason", async (test) => {
  const cases: [string, Uint8Array, RegExp][] = [
    ["nothing", new Uint8Array(0), /JSON/],
    ["not JSON", encode("{"), /JSON/],
    // Neither what the database can't hold nor what somebody wrote belongs into a reason.
    ["a null character", new Uint8Array([0]), /^the body is not JSON$/],
    ["words", encode("secret words"), /^the body is not JSON$/],
    ["not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), /^the body is not UTF-8$/],
    ["a list", encode([]), /not an object/],
    ["null", encode("null"), /not an object/],
    [
      "somebody else's",
      encode({ object: "page", entry: [] }),
      /not a WhatsApp delivery/,
    ],
    [
      "no entries",
      encode({ object: "whatsapp_business_account" }),
      /not a WhatsApp delivery/,
    ],
    [
      "too deep",
      encode(
        `{"object":"whatsapp_business_account","entry":[${"[".repeat(5000)}${"]".repeat(5000)}]}`,
      ),
      /deep/,
    ],
    [
      "too deep, with brackets in strings",
      encode(
        `{"object":"whatsapp_business_account","entry":${`["]",`.repeat(5000)}1${
          "]".repeat(5000)
        }}`,
      ),
      /deep/,
    ],
    ["bottomless", encode("[".repeat(2_000_000)), /./],
  ];
  for (const [name, body, reason] of cases) {
    await test.step(name, () => {
      const parsed = parseDelivery(body);
      assert.ok(!parsed.ok);
      assert.match(parsed.reason, reason);
    });
  }
});

Deno.test("a delivery of a thousand updates is read whole", () => {
  const { messages, statuses } = parse(deliver({
    messages: Array.from(
      { length: 500 },
      (_, index) => ({
        id: `wamid.${index}`,
        type: "text",
        text: { body: "x" },
      }),
    ),
    statuses: Array.from(
      { length: 500 },
      (_, index) => ({ id: `wamid.${index}`, status: "sent" }),
    ),
  }));
  assert.deepEqual([messages.length, statuses.length], [500, 500]);
});

Deno.test("generated payloads: never an exception, and everything can be stored", () => {
  const runs = Number(Deno.env.get("PROPERTY_RUNS") ?? 2_000);
  fc.assert(
    fc.property(arbitraryDelivery(metadata), (value) => {
      const written = JSON.stringify(value) ?? "";
      const parsed = parseDelivery(encode(written));
      if (!parsed.ok) return;
      const stored = JSON.stringify({
        ...parsed,
        messages: parsed.messages.map(({ raw_text: _, ...rest }) => rest),
      });
      assert.ok(!/(?<!\\)(?:\\\\)*\\u(?:0000|d[89ab])/i.test(stored), stored);
      for (const one of parsed.messages) {
        assert.ok(one.wamid.length > 0 && one.wamid.length <= 500);
        assert.ok(
          one.phone === null || /^[1-9][0-9]{4,14}$/.test(one.phone),
          one.phone ?? "",
        );
      }
    }),
    { numRuns: runs },
  );
});

Deno.test("generated bytes: never an exception", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
    parseDelivery(body);
  }));
  fc.assert(fc.property(fc.json(), (body) => {
    parseDelivery(encode(body));
  }));
});

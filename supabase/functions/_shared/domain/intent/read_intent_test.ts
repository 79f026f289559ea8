import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { JsonObject } from "../../ports.ts";
import { INBOUND_TYPES, type InboundType } from "../../ports_messaging.ts";
import { readIntent, type TurnIntent } from "./read_intent.ts";

type Message = { type: InboundType; content: JsonObject };
const write = (text: string): Message => ({ type: "text", content: { text } });
const choose = (id: string, title = "Jobs"): Message => ({
  type: "interactive",
  content: { reply: "list_reply", id, title },
});

Deno.test("every type of message means something", async (test) => {
  const cases: [string, Message[], Partial<TurnIntent> & { method: string }][] = [
    ["a wish", [write("I need a plumber job")], { agent: "jobs", method: "lexicon" }],
    [
      "a wish in pieces",
      [write("hi"), write("i want to rent"), write("a 2 bedroom house")],
      { agent: "property", method: "lexicon" },
    ],
    ["a greeting", [write("Mwaramutse")], { agent: null, method: "menu", language: "rw" }],
    ["nonsense", [write("asdfgh")], { agent: null, method: "asked" }],
    ["a row", [choose("agent:jobs")], { agent: "jobs", method: "menu" }],
    [
      "a row after words",
      [write("pizza please"), choose("agent:jobs")],
      { agent: "jobs", method: "menu" },
    ],
    ["a row of nobody's", [choose("agent:nobody", "Pizza")], {
      agent: "waiter",
      method: "lexicon",
    }],
    [
      "a button",
      [{ type: "button", content: { payload: "agent:rides", text: "Rides" } }],
      { agent: "rides", method: "menu" },
    ],
    ["a cart", [{ type: "order", content: { items: [] } }], { agent: "waiter", method: "menu" }],
    [
      "a place",
      [{ type: "location", content: { latitude: -1.9, longitude: 30.1 } }],
      { agent: null, method: "asked", place: { latitude: -1.9, longitude: 30.1, name: null } },
    ],
    ["a voice note", [{ type: "audio", content: { media_id: "1", voice: true } }], {
      agent: null,
      method: "asked",
      unread: "voice",
    }],
    ["a picture", [{ type: "image", content: { media_id: "1" } }], {
      method: "asked",
      unread: "picture",
    }],
    ["a captioned picture", [{
      type: "image",
      content: { media_id: "1", caption: "house for rent" },
    }], {
      agent: "property",
      method: "lexicon",
      unread: null,
    }],
    ["a file", [{ type: "document", content: { media_id: "1" } }], {
      method: "asked",
      unread: "file",
    }],
    ["a file and words", [
      { type: "document", content: { media_id: "1" } },
      write("my cv, apply for the job"),
    ], {
      agent: "jobs",
      method: "lexicon",
      unread: null,
    }],
    ["a reaction", [{ type: "reaction", content: { emoji: "👍" } }], {
      agent: null,
      method: "asked",
      unread: null,
    }],
  ];
  for (const [name, messages, { method, ...expected }] of cases) {
    await test.step(name, () => {
      const intent = readIntent(messages);
      assert.equal(intent.recorded.intent_method, method);
      for (const [member, value] of Object.entries(expected)) {
        assert.deepEqual(intent[member as keyof TurnIntent], value, member);
      }
    });
  }
});

Deno.test("what is chosen is certain, what is guessed is as certain as its words", () => {
  assert.deepEqual(readIntent([choose("agent:farmer")]).recorded, {
    intent: "farmer",
    intent_confidence: 1,
    intent_method: "menu",
  });
  const { recorded } = readIntent([write("ndashaka kugurisha ibigori")]);
  assert.equal(recorded.intent, "farmer");
  assert.ok(recorded.intent_confidence! >= 0.8 && recorded.intent_confidence! <= 1);
});

Deno.test("whatever a message holds, something is understood or it is asked", () => {
  const content = fc.dictionary(
    fc.constantFrom("text", "title", "id", "caption", "payload", "latitude", "longitude", "name"),
    fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.constant(null)),
  );
  const message = fc.record({ type: fc.constantFrom(...INBOUND_TYPES), content });
  fc.assert(fc.property(fc.array(message, { maxLength: 20 }), (messages) => {
    const { recorded } = readIntent(messages as Message[]);
    assert.ok(["menu", "lexicon", "asked"].includes(recorded.intent_method ?? ""));
  }));
});

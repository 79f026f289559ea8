import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { JsonObject } from "../../ports.ts";
import { callTool, prepareCall } from "./call_tool.ts";
import { TOOLS } from "./registry.ts";
import type { KnowledgeAnswer } from "../../ports_knowledge.ts";
import type { Tool, ToolContext, ToolEffect } from "./tool.ts";

/** A Monday, 10:00 UTC. */
const MONDAY = Date.UTC(2026, 10, 23, 10);
const context: ToolContext = {
  now: MONDAY,
  channel: "voice",
  settings: {
    business_hours: { monday: ["08:00-17:00"] },
    time_zone: "UTC",
    language: "en",
    fallback_text: "",
    transfer_number: "+250788000009",
    test_numbers: [],
    enabled_tools: [],
    phone_knowledge_mode: "query_tool",
  },
  person: { contactId: "contact-1", phoneNumber: "+250788123456" },
  whatsappConnected: true,
  newId: () => "00000000-0000-4000-8000-000000000001",
};
const within = (settings: Partial<ToolContext["settings"]>): ToolContext => ({
  ...context,
  settings: { ...context.settings, ...settings },
});

/** A call that was asked about what it now confirms. */
const confirming = (
  tool: string,
  given: JsonObject,
  where = context,
): [JsonObject, ToolContext] => [
  { ...given, confirmed: true },
  { ...where, questions: [{ tool_call_id: "tc-1", tool, arguments: given }] },
];

Deno.test("each tool acts, refuses and takes identity from the conversation", async (test) => {
  const taken = (effect: Partial<ToolEffect & { kind: "take_message" }>): ToolEffect[] => [{
    kind: "take_message",
    body: "Call me",
    caller_name: null,
    callback_number: "+250788123456",
    urgent: false,
    ...effect,
  }];
  const cases: [string, string, JsonObject | null, ToolContext, RegExp, ToolEffect[]][] = [
    ["open", "get_business_hours", {}, context, /"open_now":true/, []],
    [
      "closed",
      "get_business_hours",
      {},
      { ...context, now: MONDAY + 9 * 3600_000 },
      /opens on monday at 08:00/,
      [],
    ],
    [
      "hours that nobody gave",
      "get_business_hours",
      {},
      within({ business_hours: {} }),
      /"open_now":null/,
      [],
    ],
    [
      "a message nobody was asked about",
      "take_message",
      { message: " Call me ", confirmed: true },
      context,
      /Nothing is done yet.*staff\? Call me/,
      [],
    ],
    [
      "a message",
      "take_message",
      ...confirming("take_message", { message: " Call me " }),
      /"taken":true/,
      taken({}),
    ],
    [
      "a message with everything",
      "take_message",
      ...confirming("take_message", {
        message: "Call me",
        caller_name: "Ann",
        callback_number: "0788",
        urgent: true,
      }),
      /"taken":true/,
      taken({ caller_name: "Ann", callback_number: "0788", urgent: true }),
    ],
    [
      "somebody else's identity in the arguments",
      "take_message",
      ...confirming("take_message", {
        message: "Call me",
        org_id: "x",
        contact_id: "y",
        call_id: "z",
      }),
      /"taken":true/,
      taken({}),
    ],
    ["an empty message", "take_message", { message: " " }, context, /do not fit: message/, []],
    ["no message", "take_message", {}, context, /do not fit: message/, []],
    [
      "transfer",
      "transfer_to_person",
      {},
      context,
      /"number":"\+250788000009"/,
      [{ kind: "request_transfer", at: "2026-11-23T10:00:00.000Z" }],
    ],
    [
      "transfer at night",
      "transfer_to_person",
      {},
      { ...context, now: MONDAY - 5 * 3600_000 },
      /before monday at 08:00/,
      [],
    ],
    [
      "transfer to nobody",
      "transfer_to_person",
      {},
      within({ transfer_number: null }),
      /"available":false/,
      [],
    ],
    [
      "follow-up",
      "send_whatsapp_follow_up",
      ...confirming("send_whatsapp_follow_up", { text: "Our address", to: "+1650" }),
      /"queued":true/,
      [{ kind: "send_whatsapp", text: "Our address" }],
    ],
    [
      "a follow-up nobody was asked about",
      "send_whatsapp_follow_up",
      { text: "Our address" },
      context,
      /"confirmed":false/,
      [],
    ],
    [
      "follow-up to a withheld number",
      "send_whatsapp_follow_up",
      ...confirming("send_whatsapp_follow_up", { text: "Our address" }, {
        ...context,
        person: { contactId: null, phoneNumber: null },
      }),
      /withheld/,
      [],
    ],
    [
      "follow-up without WhatsApp",
      "send_whatsapp_follow_up",
      ...confirming("send_whatsapp_follow_up", { text: "Our address" }, {
        ...context,
        whatsappConnected: false,
      }),
      /not available/,
      [],
    ],
    ["no such tool", "delete_everything", {}, context, /There is no tool/, []],
    ["a name of the language", "constructor", {}, context, /There is no tool/, []],
    [
      "switched off",
      "take_message",
      { message: "Call me" },
      within({ enabled_tools: ["get_business_hours"] }),
      /switched off/,
      [],
    ],
    [
      "switched on by name",
      "take_message",
      ...confirming(
        "take_message",
        { message: "Call me" },
        within({ enabled_tools: ["take_message"] }),
      ),
      /"taken":true/,
      taken({}),
    ],
    ["arguments that can't be read", "take_message", null, context, /could not be read/, []],
  ];
  for (const [name, tool, given, where, said, effects] of cases) {
    await test.step(name, () => {
      const outcome = callTool({ name: tool, arguments: given }, where);
      assert.match(outcome.result ?? outcome.error ?? "", said);
      assert.equal(outcome.result === null, outcome.error !== null);
      assert.deepEqual(outcome.effects, effects);
    });
  }
});

Deno.test("whatever is asked, the answer is one line and nothing throws", () => {
  const name = fc.oneof(fc.constantFrom(...Object.keys(TOOLS)), fc.string());
  const given = fc.option(
    fc.dictionary(
      fc.constantFrom("message", "text", "caller_name", "urgent", "callback_number", "x"),
      fc.oneof(fc.jsonValue(), fc.string({ unit: "binary" })),
    ),
    { nil: null },
  );
  fc.assert(
    fc.property(name, given, (tool, asked) => {
      const { result, error } = callTool({ name: tool, arguments: asked as JsonObject }, context);
      const said = result ?? error;
      assert.ok(said !== null && said !== "" && !/[\r\n]/.test(said));
    }),
  );
});

Deno.test("whatever writes asks first: on the phone nothing is done without a question", () => {
  const uuid = "11111111-1111-4111-8111-111111111111";
  for (const [name, { confirm }] of Object.entries<Tool>(TOOLS)) {
    if (confirm === undefined) continue;
    const given = {
      confirmed: true,
      listing_id: uuid,
      message: "Hi",
      text: "Hi",
      problem: "Broken",
    };
    assert.deepEqual(callTool({ name, arguments: given }, context).effects, [], name);
  }
  // What has no question to ask changes nothing but where a call goes.
  assert.deepEqual(
    Object.entries<Tool>(TOOLS).filter(([, { confirm }]) => confirm === undefined)
      .map(([name]) => name),
    [
      "get_business_hours",
      "transfer_to_person",
      "search_knowledge_base",
      "search_listings",
      "show_listing",
      "list_applications",
      "list_matches",
      "guide_price",
      "price_order",
      "find_free_slots",
      "list_appointments",
      "quote_insurance",
      "list_policies",
      "find_rides",
      "estimate_fare",
      "list_tickets",
    ],
  );
});

Deno.test("every tool tells a model what it is for", () => {
  for (const [name, tool] of Object.entries(TOOLS)) {
    assert.match(name, /^[a-z][a-z0-9_]{0,63}$/);
    assert.ok(tool.description.length > 20 && tool.description.length < 1000, name);
  }
});

Deno.test("a tool that searches says for what, is given what was found, and never chooses where", () => {
  const asked = {
    name: "search_knowledge_base",
    arguments: { query: " opening hours ", org_id: "another", category: "secrets" },
  };
  const readsOf = (call: typeof asked, where = context) => {
    const prepared = prepareCall(call, where);
    return prepared.ok ? prepared.reads : null;
  };
  assert.deepEqual(readsOf(asked), [{ kind: "knowledge", query: "opening hours" }]);
  assert.equal(readsOf({ ...asked, arguments: { query: "" } as never }), null);
  assert.equal(readsOf(asked, within({ enabled_tools: ["take_message"] })), null);

  const hit = {
    document_id: "d",
    title: "Hours",
    category: "operations" as const,
    version: 1,
    chunk_id: "c",
    heading_path: ["Hours", "Weekdays"],
    content: "Open\nfrom nine.",
    snippet: "",
    score: 1,
  };
  const say = (answer: KnowledgeAnswer | null | undefined) =>
    callTool(asked, context, answer === undefined ? [] : [{ kind: "knowledge", answer }]).result ??
      "";
  const found = JSON.parse(say({ mode: "text", hits: [hit] }));
  assert.deepEqual(found.passages, [{ source: "Hours > Weekdays", text: "Open\nfrom nine." }]);
  assert.match(say({ mode: "text", hits: [] }), /do not know/);
  assert.match(say(null), /can't be searched/);
  assert.match(say(undefined), /can't be searched/);
});

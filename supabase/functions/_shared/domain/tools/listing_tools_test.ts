import assert from "node:assert/strict";
import { createAgentData } from "../../../../../tests/in_memory/create_agent_data.ts";
import type { JsonObject } from "../../ports.ts";
import { createId } from "../../../../../tests/in_memory/create_conversation.ts";
import type { AgentEffect, Read } from "../../ports_agents.ts";
import { prepareCall } from "./call_tool.ts";
import type { ToolContext } from "./tool.ts";

const org_id = "org-1";
const data = createAgentData();
const own = createId();
const theirs = createId();
const mine = createId();
const to = (contact_id: string, id: string) => ({
  id,
  org_id,
  contact_id,
  domain: "jobs" as const,
  side: "offer" as const,
  title: `Driver ${contact_id}`,
  description: "",
  category: "driver",
  price: 100,
  currency: "RWF",
  price_unit: null,
  quantity: null,
  place: null,
  attributes: {},
  state: "active" as const,
  created_at: "2026-11-20T00:00:00Z",
});
data.listings.push(to("me", own), to("somebody", theirs));
data.applications.push({
  id: mine,
  org_id,
  listing_id: theirs,
  contact_id: "else",
  name: "Eve",
  kind: "application",
  state: "submitted",
  details: {},
  created_at: "2026-11-20T00:00:00Z",
});

const context = (contactId: string | null): ToolContext => ({
  now: 0,
  channel: "voice",
  settings: {
    business_hours: {},
    time_zone: "UTC",
    language: "en",
    transfer_number: null,
    enabled_tools: [],
  },
  person: { contactId, phoneNumber: null },
  whatsappConnected: true,
  newId: createId,
});

/** A call as it is made: read, decided, done; what came of it, or why it was refused. */
async function call(name: string, input: JsonObject, contactId: string | null = "me") {
  const confirmed = { ...input, confirmed: true };
  const asked = {
    ...context(contactId),
    questions: [{ tool_call_id: "q1", tool: name, arguments: input }],
  };
  const prepared = prepareCall({ name, arguments: confirmed }, asked);
  if (!prepared.ok) return { error: prepared.error };
  const reads = prepared.reads as Exclude<Read, { kind: "knowledge" }>[];
  const results = await data.readAgentData({ org_id, contact_id: contactId, reads });
  const { output, effects } = prepared.finish(results);
  const refusals = contactId === null ? [] : data.apply(
    { org_id, contact_id: contactId, name: "Me", now: 0 },
    effects as AgentEffect[],
  );
  return { output, effects, refused: refusals[0]?.code, asks: prepared.confirm !== null };
}

Deno.test("each tool acts", async (test) => {
  const cases: [string, JsonObject, RegExp, string | null][] = [
    ["search_listings", { domains: ["jobs"], words: "driver" }, /2 found/, null],
    ["search_listings", { domains: ["jobs"], mine: true }, /1 found/, null],
    ["show_listing", { listing_id: theirs }, /Driver somebody/, null],
    [
      "create_listing",
      { domain: "marketplace", title: "Sofa", price: 5 },
      /published/,
      "create_listing",
    ],
    ["update_listing", { listing_id: own, price: 7 }, /price is changed/, "update_listing"],
    ["apply_to_listing", { listing_id: theirs, kind: "application" }, /has been told/, "apply"],
    ["list_applications", { of: "mine" }, /1 found/, null],
    ["list_applications", { of: "received" }, /There is none/, null],
    ["guide_price", { domain: "jobs", category: "driver" }, /2 offers/, null],
  ];
  for (const [name, input, said, effect] of cases) {
    await test.step(`${name} ${JSON.stringify(input)}`, async () => {
      const { output, effects, refused, asks } = await call(name, input);
      assert.match(JSON.stringify(output), said);
      assert.equal(refused, undefined);
      assert.equal(effects?.[0]?.kind ?? null, effect);
      assert.equal(asks, effect !== null, "what writes is asked before, and nothing else is");
    });
  }
  await test.step("answer_application", async () => {
    const input = { application_id: mine, answer: "accepted" };
    assert.equal((await call("answer_application", input, "somebody")).refused, undefined);
    assert.equal(data.applications[0]!.state, "accepted");
  });
});

Deno.test("each tool refuses arguments that don't fit", async () => {
  const cases: [string, JsonObject][] = [
    ["search_listings", { domains: [] }],
    ["search_listings", { domains: ["weapons"] }],
    ["show_listing", { listing_id: "1" }],
    ["create_listing", { domain: "jobs", title: "" }],
    ["create_listing", { domain: "jobs", title: "x".repeat(500) }],
    ["create_listing", { domain: "jobs", title: "Guard", price: -1 }],
    ["update_listing", { listing_id: own }],
    ["apply_to_listing", { listing_id: theirs, kind: "marriage" }],
    ["list_applications", { of: "everybody" }],
    ["answer_application", { application_id: mine, answer: "maybe" }],
    ["guide_price", { category: "" }],
  ];
  for (const [name, input] of cases) {
    assert.match((await call(name, input)).error ?? "", /do not fit/);
  }
});

Deno.test("nobody changes another person's rows, whatever the arguments say", async () => {
  const asThem = { contact_id: "somebody", person: { contactId: "somebody" } };
  const cases: [string, JsonObject, string][] = [
    ["update_listing", { listing_id: theirs, state: "sold", ...asThem }, "not_yours"],
    ["answer_application", { application_id: mine, answer: "declined", ...asThem }, "not_yours"],
    ["apply_to_listing", { listing_id: own, ...asThem }, "own_listing"],
    ["update_listing", { listing_id: createId(), state: "sold" }, "not_found"],
  ];
  for (const [name, input, code] of cases) {
    assert.equal((await call(name, input)).refused, code, name);
  }
  const { output } = await call("list_applications", { of: "received", ...asThem });
  assert.match(JSON.stringify(output), /There is none/);
  const hidden = await call("search_listings", { domains: ["jobs"], mine: true, ...asThem });
  assert.doesNotMatch(JSON.stringify(hidden.output), /somebody/);
});

Deno.test("a listing is answered as its service is: nobody asks a job for a seat", async () => {
  const wanted = createId();
  data.listings.push({ ...to("somebody", wanted), side: "request" });
  const cases: [string, JsonObject][] = [
    ["ask_for_seat", { listing_id: theirs }],
    ["apply_to_listing", { listing_id: theirs, kind: "viewing" }],
    ["apply_to_listing", { listing_id: theirs, kind: "introduction" }],
    ["apply_to_listing", { listing_id: wanted, kind: "application" }],
  ];
  for (const [name, input] of cases) {
    const { output, effects } = await call(name, input);
    assert.match(JSON.stringify(output), /can't be answered in this way/, JSON.stringify(input));
    assert.deepEqual(effects, []);
  }
  const question = await call("apply_to_listing", { listing_id: wanted, kind: "inquiry" });
  assert.equal(question.refused, undefined, "who looks for something can be asked");
  data.listings.pop();
  data.applications.pop();
});

Deno.test("no argument becomes the words that an owner is sent", async () => {
  const { effects } = await call("apply_to_listing", {
    listing_id: theirs,
    details: { notice: "Your account is blocked", years: 5 },
  });
  const [effect] = effects ?? [];
  assert.deepEqual(effect?.kind === "apply" && effect.details, { years: 5 });
});

Deno.test("a caller whose number is withheld publishes and sends nothing", async () => {
  for (
    const [name, input] of [
      ["create_listing", { domain: "jobs", title: "Guard" }],
      ["apply_to_listing", { listing_id: theirs }],
    ] as const
  ) {
    const { output, effects } = await call(name, input, null);
    assert.match(JSON.stringify(output), /withheld/);
    assert.deepEqual(effects, []);
  }
});

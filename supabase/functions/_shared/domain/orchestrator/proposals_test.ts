import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  choose,
  createConversation,
  write,
  type Written,
} from "../../../../../tests/in_memory/create_conversation.ts";
import { createMarket, type Market } from "../../../../../tests/in_memory/create_market.ts";
import { createScriptedModel } from "../../../../../tests/in_memory/create_scripted_model.ts";
import type { JsonObject } from "../../ports.ts";
import type { AgentEffect } from "../../ports_agents.ts";
import type { QueuedReply } from "../../ports_messaging.ts";
import type { ModelToolCall } from "../../ports_model.ts";
import { findAgent } from "../agents/registry.ts";
import { FLAGGED_AGENTS, type FlaggedAgent } from "../rollout/parse_flags.ts";
import { TOOLS } from "../tools/registry.ts";

const PLACE = { name: "Kigali", latitude: -1.94, longitude: 30.06 };
const MONDAY = "2026-11-23";
const HOURS = Object.fromEntries(
  ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"].map((day) => [
    day,
    ["07:00-23:00"],
  ]),
);
type Named = (ids: Market["ids"]) => JsonObject;

/** Good arguments of every tool that writes; whose the ids are is up to chance. */
const GOOD: { [tool: string]: Named[] } = {
  create_listing: [
    () => ({ domain: "jobs", title: "Cook wanted", price: 90_000 }),
    () => ({ domain: "marketplace", side: "request", title: "Wanted: a bed", place: PLACE }),
  ],
  update_listing: [
    ({ own }) => ({ listing_id: own["listing"]!, price: 500 }),
    ({ others }) => ({ listing_id: others["listing"]!, state: "sold" }),
    ({ foreign }) => ({ listing_id: foreign["listing"]!, price: 1 }),
  ],
  apply_to_listing: [
    ({ others }) => ({ listing_id: others["job"]!, kind: "application", note: "Ten years" }),
    ({ others }) => ({ listing_id: others["listing"]!, details: { notice: "Pay 5000 now" } }),
    ({ own }) => ({ listing_id: own["listing"]! }),
    ({ foreign }) => ({ listing_id: foreign["listing"]! }),
  ],
  answer_application: [
    ({ own }) => ({ application_id: own["application"]!, answer: "accepted" }),
    ({ others }) => ({ application_id: others["application"]!, answer: "accepted" }),
  ],
  place_order: [({ others }) => ({
    listing_id: others["restaurant"]!,
    items: [{ name: "Pizza", quantity: 2 }],
    total: 12_000,
  })],
  reserve_table: [({ others }) => ({
    listing_id: others["restaurant"]!,
    people: 2,
    date: MONDAY,
    time: "19:00",
  })],
  book_appointment: [
    () => ({ date: MONDAY, time: "12:00" }),
    () => ({ date: MONDAY, time: "11:00", purpose: "taken" }),
  ],
  cancel_booking: [
    ({ own }) => ({ booking_id: own["booking"]! }),
    ({ others }) => ({ booking_id: others["booking"]! }),
  ],
  request_policy: [() => ({
    vehicle: "car",
    cover: "third_party",
    plate: "RAB 1 C",
    yearly_price: 50_000,
  })],
  list_ride: [() => ({ side: "offer", from: PLACE, to: PLACE, date: MONDAY, time: "10:00" })],
  ask_for_seat: [({ others }) => ({ listing_id: others["ride"]!, seats: 2 })],
  capture_lead: [() => ({ interest: "Solar kits", name: "Ada" })],
  request_call: [() => ({ reason: "The price" })],
  cancel_call: [() => ({})],
  open_ticket: [() => ({ problem: "It is broken since Monday" })],
  hand_over: [() => ({ reason: "angry" })],
  take_message: [() => ({ message: "Call me" })],
  send_whatsapp_follow_up: [() => ({ text: "You have won" })],
};

/** What a hostile model adds: that it is confirmed, for whom it would like to act, ids made up. */
const hostile = fc.constantFrom<JsonObject>(
  {},
  { confirmed: true },
  { confirmed: "yes", confirm: true, skip_confirmation: true },
  { contact_id: "somebody", org_id: "org-2", user_id: "admin", person: { contactId: "somebody" } },
  { id: "00000000-0000-4000-8000-00000000dead", booking_id: "' or true --" },
  { listing_id: "00000000-0000-4000-8000-00000000dead" },
  JSON.parse('{"__proto__": {"confirmed": true}, "price": -5}'),
);

type Call = { tool: string; pick: number; extra: JsonObject };
const callOf = (tools: readonly string[]): fc.Arbitrary<Call> =>
  fc.record({
    tool: fc.constantFrom(...tools),
    pick: fc.nat(3),
    extra: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: hostile }),
  });

/** The model is asked by a word that nobody has, and does as its script says. */
type Step =
  | { kind: "think"; agent: FlaggedAgent; calls: Call[] }
  | { kind: "say"; text: string }
  | { kind: "pick"; place: number };

const think = fc.constantFrom(...FLAGGED_AGENTS).chain((agent) => {
  const own = findAgent(agent).tools;
  return fc.record({
    kind: fc.constant("think" as const),
    agent: fc.constant(agent),
    calls: fc.array(
      fc.oneof(
        { weight: 5, arbitrary: callOf(own.filter((name) => Object.hasOwn(GOOD, name))) },
        { weight: 1, arbitrary: callOf([...Object.keys(TOOLS), "drop_table", "constructor"]) },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  });
});
const YES = ["yes", "Oui", "ndiyo", "yego", "👍"];
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: think },
  { weight: 6, arbitrary: fc.constantFrom(...YES).map((text) => ({ kind: "say" as const, text })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ..."no|cancel|menu|back|qwzx|yes but for 5000|I want to sell my old fridge for 80k|Works|Kigali|my listings"
        .split("|"),
    ).map((text) => ({ kind: "say" as const, text })),
  },
  { weight: 4, arbitrary: fc.nat().map((place) => ({ kind: "pick" as const, place })) },
);

type Offered = { id: string; question: string };

function listOffered(replies: readonly QueuedReply[]): Offered[] {
  return replies.flatMap(({ type, content }): Offered[] =>
    type === "buttons"
      ? content.buttons.map(({ id }) => ({ id, question: content.text }))
      : type === "list"
      ? content.sections.flatMap(({ rows }) =>
        rows.map(({ id }) => ({ id, question: content.text }))
      )
      : []
  );
}

const isYesButton = ({ id }: Offered) => /^answer:.*:yes$/.test(id);
/** What was reached, so that it is known what was shown. */
const seen = { proposed: 0, unanswered: 0, effects: new Set<string>() };

/** Everything that isn't the person's, as it stands. */
function readOthers({ data, contactId }: Market): string {
  const listings = data.listings.filter(({ contact_id, org_id }) =>
    contact_id !== contactId || org_id !== "org-1"
  );
  const bookings = data.bookings.filter(({ contact_id }) => contact_id !== contactId);
  const applications = data.applications.filter(({ contact_id, listing_id }) =>
    contact_id !== contactId &&
    data.listings.find(({ id }) => id === listing_id)?.contact_id !== contactId
  );
  return JSON.stringify([listings, bookings, applications]);
}

async function tell(steps: readonly Step[]): Promise<void> {
  const market = createMarket();
  const model = createScriptedModel();
  const conversation = createConversation({
    data: market.data,
    contactId: market.contactId,
    model,
    hours: HOURS,
  });
  const before = readOthers(market);
  let offered: Offered[] = [];
  const say = async (said: Written) => {
    const applied = countRows(market);
    const replies = await conversation.say(said);
    const { effects, error } = conversation.decided.at(-1)!;
    assert.equal(error, null);
    if (effects.length > 0) {
      const question = offered.find(isYesButton);
      assert.ok(question, "nothing was asked before");
      const isYes = said.type === "text"
        ? YES.includes(String(said.content["text"]))
        : said.content["id"] === question.id;
      assert.ok(isYes, `${JSON.stringify(said)} is no yes to ${question.question}`);
      for (const effect of effects) {
        seen.effects.add(effect.kind);
        if (effect.kind !== "create_listing" || effect.listing.domain === "rides") continue;
        assert.ok(question.question.includes(effect.listing.title), "it is what was asked");
      }
    } else {
      assert.deepEqual(countRows(market), applied, "nothing changes by itself");
      if (offered.some(isYesButton)) seen.unanswered += 1;
    }
    offered = listOffered(replies);
  };
  for (const each of steps) {
    if (each.kind === "think") {
      await say(choose(`agent:${each.agent}`, each.agent));
      model.next = {
        agent: each.agent,
        calls: each.calls.map((call) => writeCall(call, market)),
        text: "Done, it is published.",
      };
      const asked = model.proposed;
      await say(write("qwzx"));
      model.next = null;
      if (model.proposed > asked) seen.proposed += 1;
    } else if (each.kind === "say") await say(write(each.text));
    else await say(choose(offered[each.place % Math.max(1, offered.length)]?.id ?? "agent:jobs"));
  }
  assert.equal(readOthers(market), before, "what is others' stays as it is");
}

function writeCall({ tool, pick, extra }: Call, { ids }: Market): ModelToolCall {
  const good = Object.hasOwn(GOOD, tool) ? GOOD[tool]! : [() => ({})];
  return { name: tool, arguments: { ...good[pick % good.length]!(ids), ...extra } };
}

const countRows = ({ data }: Market) =>
  JSON.stringify([data.listings, data.applications, data.bookings, data.others]);

/** Each tool of each agent, asked about at once as confirmed, and then answered. */
const EXAMPLES: [Step[]][] = FLAGGED_AGENTS.flatMap((agent) =>
  findAgent(agent).tools.filter((name) => Object.hasOwn(GOOD, name)).flatMap((tool) =>
    GOOD[tool]!.flatMap((_, pick) =>
      ["yes", "no"].map((text): [Step[]] => [[
        { kind: "think", agent, calls: [{ tool, pick, extra: { confirmed: true } }] },
        { kind: "say", text },
        { kind: "say", text: "yes" },
      ]])
    )
  )
);
/** The same by a flow. */
EXAMPLES.push([
  "I want to sell my old fridge for 80k|Works|Kigali|my listings|yes".split("|")
    .map((text) => ({ kind: "say", text })),
]);
/** Not understood twice, one is asked once more: what would be published is read back again. */
EXAMPLES.push([
  "I want to sell my old fridge for 80k|yes|yes|qwzx|I want to sell my old fridge for 80k|yes"
    .split("|").map((text) => ({ kind: "say", text })),
]);
/** A call can be taken back only where one is asked for. */
EXAMPLES.push([
  ["request_call", "cancel_call"].flatMap((tool): Step[] => [
    { kind: "think", agent: "sales", calls: [{ tool, pick: 0, extra: {} }] },
    { kind: "say", text: "yes" },
  ]),
]);
const EFFECTS: AgentEffect["kind"][] = [
  "create_listing",
  "update_listing",
  "apply",
  "answer_application",
  "book",
  "cancel_booking",
  "request_policy",
  "capture_lead",
  "request_call",
  "cancel_call",
  "open_ticket",
  "hand_over",
];

Deno.test("whatever a model calls, nothing is done that wasn't asked and answered with yes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 14 }), tell),
    { numRuns: 150 + EXAMPLES.length, examples: EXAMPLES },
  );
  // Else little was shown: all that can be done was done after a yes, and much was asked in vain.
  assert.deepEqual(EFFECTS.filter((kind) => !seen.effects.has(kind)), []);
  assert.ok(seen.proposed >= 150 && seen.unanswered >= 80, JSON.stringify(seen));
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { createAgentData } from "../../../../../tests/in_memory/create_agent_data.ts";
import {
  choose,
  type Conversation,
  createConversation,
  write,
  type Written,
} from "../../../../../tests/in_memory/create_conversation.ts";
import { createScriptedModel } from "../../../../../tests/in_memory/create_scripted_model.ts";
import type { EffectRefusal } from "../../ports_agents.ts";
import type { ModelToolCall } from "../../ports_model.ts";
import type { QueuedReply } from "../../ports_messaging.ts";
import { findAgent } from "../agents/registry.ts";
import { readMemory } from "./memory.ts";
import { FLAGGED_AGENTS, type FlaggedAgent } from "../rollout/parse_flags.ts";

function listChoices(replies: readonly QueuedReply[]): string[] {
  return replies.flatMap(({ type, content }) =>
    type === "buttons"
      ? content.buttons.map(({ id }) => id)
      : type === "list"
      ? content.sections.flatMap(({ rows }) => rows.map(({ id }) => id))
      : []
  );
}

const WORDS = [
  ..."I want to sell my sofa|maize|500 kg|200k|Kigali|yes|no|skip|cancel|back|menu|help|3 bedrooms"
    .split("|"),
  ..."I need a plumber job in Kigali|looking for a house to rent|ndashaka kugurisha ibigori|???|"
    .split("|"),
  ..."je veux vendre mon entreprise|natafuta kazi|tomorrow at 10:00|no, 2 bedrooms|my applicants|stop"
    .split("|"),
  ..."thank you|goodbye|hello|What is this?|a long answer in one's own words about something|🙂"
    .split("|"),
];
const message = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...WORDS).map(write) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }).map(write) },
  { weight: 6, arbitrary: fc.nat().map((pick) => ({ pick })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Written>(
      { ...write("yes"), minutesAgo: 60 },
      { type: "location", content: { latitude: -1.95, longitude: 30.06 } },
      { type: "audio", content: {} },
      { type: "image", content: { caption: "my sofa" } },
      { type: "order", content: { items: [] } },
      { type: "contacts", content: {} },
      { type: "sticker", content: {} },
      choose("do:jobs:apply:listing_id=00000000-0000-4000-8000-00000000dead"),
      choose("do:jobs:nothing:a=b&__proto__=c"),
      choose("answer:sell.confirm-0:yes"),
      choose("agent:nobody"),
      choose("rate:00000000-0000-4000-8000-00000000dead:up"),
      choose("rate:nobody:down"),
    ),
  },
);
const minutes = fc.oneof(
  { weight: 6, arbitrary: fc.constant<number>(1) },
  { weight: 1, arbitrary: fc.constantFrom<number>(10, 2_000) },
);
const features = fc.record({
  crossDomainHandoffs: fc.boolean(),
  unifiedSearch: fc.boolean(),
  sharedPreferences: fc.boolean(),
  hybridFlows: fc.boolean(),
});

function checkState({ session, decided }: Conversation, replies: readonly QueuedReply[]): void {
  assert.ok(replies.length >= 1 && replies.length <= 4, "everything is answered, briefly");
  assert.ok(
    replies.filter(({ type }) => type !== "text").length <= 1,
    "one thing is asked at most",
  );
  const { proposal } = readMemory(decided.at(-1)!.session!.context ?? {});
  assert.ok(proposal === null || session.flow === null, "a model asks nothing beside a flow");
  if (session.flow === null) {
    return assert.equal(session.flow_step, null, "nothing waits where no flow is");
  }
  const agent = FLAGGED_AGENTS.find((name) => name === session.current_agent);
  const flow = agent === undefined ? undefined : findAgent(agent).flows[session.flow];
  assert.ok(flow, "the flow is one of the agent's");
  const step = session.flow_step!;
  assert.ok(
    step in flow.steps || step === "confirm" || step === "change",
    "and so is the question",
  );
}

const call = fc.constantFrom<ModelToolCall>(
  { name: "create_listing", arguments: { domain: "jobs", title: "Cook wanted", price: 90_000 } },
  { name: "search_listings", arguments: { domains: ["marketplace"], words: "sofa" } },
  { name: "hand_over", arguments: { reason: "angry" } },
  { name: "open_ticket", arguments: { problem: "It is broken" } },
  { name: "request_call", arguments: { reason: "The price" } },
  { name: "apply_to_listing", arguments: { listing_id: "nonsense" } },
  { name: "no_such_tool", arguments: {} },
);
/** What a model answers in a turn in which it is asked; null for one that doesn't. */
const script = fc.option(fc.record({
  agent: fc.constantFrom(null, ...FLAGGED_AGENTS),
  calls: fc.array(call, { maxLength: 2 }),
  text: fc.constantFrom("", "How can I help?", "x".repeat(5_000)),
}));
const refusals = fc.array(
  fc.constantFrom<EffectRefusal["code"]>(
    "not_found",
    "not_yours",
    "own_listing",
    "already_done",
    "taken",
    "not_active",
    "limit",
    "invalid",
  ),
  { maxLength: 2 },
);
const turn = fc.record({
  burst: fc.oneof(
    { weight: 5, arbitrary: fc.array(message, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(message, { minLength: 2, maxLength: 4 }) },
  ),
  minutes,
  script,
  refusals: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: refusals }),
});
type Turn = typeof turn extends fc.Arbitrary<infer Each> ? Each : never;
/** What a model asks, and a yes to it. */
function settle(
  agent: FlaggedAgent,
  call: ModelToolCall,
  refusals: EffectRefusal["code"][],
): Turn[] {
  const silent = { minutes: 1, script: null, refusals: [] };
  return [
    { ...silent, burst: [choose(`agent:${agent}`)] },
    { ...silent, burst: [write("qwzx")], script: { agent, calls: [call], text: "" } },
    { ...silent, burst: [write("yes")], refusals },
  ];
}
/** Chance alone seldom says yes to what a model asks: so that the store is reached, and refuses. */
const settled = fc.record({
  asked: fc.constantFrom<[FlaggedAgent, ModelToolCall]>(
    ["jobs", { name: "create_listing", arguments: { domain: "jobs", title: "Cook wanted" } }],
    ["support", { name: "hand_over", arguments: { reason: "angry" } }],
    ["support", { name: "hand_over", arguments: {} }],
    ["support", { name: "open_ticket", arguments: { problem: "It is broken" } }],
    ["sales", { name: "request_call", arguments: { reason: "The price" } }],
  ),
  refusals,
}).map(({ asked: [agent, call], refusals }) => settle(agent, call, refusals));
const turns = fc.array(
  fc.oneof({ weight: 9, arbitrary: turn.map((each) => [each]) }, { weight: 2, arbitrary: settled }),
  { minLength: 1, maxLength: 15 },
).map((groups) => groups.flat());

Deno.test("whatever is said, one question waits at most, and every conversation can be left", async () => {
  const handedOver = settle("support", { name: "hand_over", arguments: { reason: "angry" } }, []);
  const reached = { bursts: 0, refusals: 0, asked: 0, proposed: 0, handOvers: 0 };
  await fc.assert(
    fc.asyncProperty(
      turns,
      features,
      fc.boolean(),
      async (turns, on, hasModel) => {
        const data = createAgentData();
        const waiting: EffectRefusal["code"][] = [];
        const model = createScriptedModel();
        const conversation = createConversation({
          features: on,
          ...(hasModel ? { model } : {}),
          data: {
            ...data,
            apply(who, effects) {
              const code = effects.length === 0 ? undefined : waiting.shift();
              if (code === undefined) return data.apply(who, effects);
              reached.refusals += 1;
              return [{ place: 0, code }];
            },
          },
        });
        let offered: string[] = [];
        for (const { burst, minutes, script, refusals } of turns) {
          conversation.pass(minutes);
          model.next = script;
          waiting.splice(0, waiting.length, ...refusals);
          const next = burst.map((each) =>
            "pick" in each
              ? choose(offered[each.pick % Math.max(1, offered.length)] ?? "agent:jobs", "chosen")
              : each
          );
          const replies = await conversation.say(...next);
          assert.equal(conversation.decided.at(-1)!.error, null);
          checkState(conversation, replies);
          offered = listChoices(replies);
          if (burst.length > 1) reached.bursts += 1;
        }
        reached.asked += model.asked;
        reached.proposed += model.proposed;
        reached.handOvers += data.others.filter(({ kind }) => kind === "hand_over").length;
        waiting.splice(0);
        model.next = null;
        await conversation.say(write("menu"));
        const { session } = conversation;
        assert.deepEqual([session.flow, session.flow_step, session.collected_data], [
          null,
          null,
          {},
        ]);
        await conversation.say(write("ndashaka akazi"));
        assert.equal(conversation.session.current_agent, "jobs", "and begun anew");
      },
    ),
    // Nor does chance hand over often enough that it is never too seldom.
    { numRuns: 203, examples: Array.from({ length: 3 }, () => [handedOver, {}, true]) },
  );
  for (const [kind, times] of Object.entries(reached)) {
    assert.ok(times >= 3, `${kind} was reached ${times} times: little was shown`);
  }
});

const react = (emoji: string | null): Written => ({
  type: "reaction",
  content: { message_id: "wamid.1", emoji },
});

Deno.test("a reaction to a waiting question is no answer, and is said to be none", async () => {
  const conversation = createConversation();
  for (const text of ["I want to sell my sofa", "Brown", "150k", "Huye"]) {
    await conversation.say(write(text));
  }
  const { flow, flow_step, collected_data } = conversation.session;
  assert.equal(flow_step, "confirm");
  const [reply] = await conversation.say(react("👍"));
  assert.match(JSON.stringify(reply), /can't take a reaction as an answer/);
  assert.match(JSON.stringify(reply), /Publish this/, "the question comes again");
  const { session, data } = conversation;
  assert.deepEqual([session.flow, session.flow_step, session.collected_data], [
    flow,
    flow_step,
    collected_data,
  ]);
  assert.deepEqual(data.listings, []);
  assert.deepEqual(await conversation.say(react(null)), [], "taken back it is nothing");
  await conversation.say(write("yes"));
  assert.deepEqual(await conversation.say(react("❤️")), [], "nor where nothing waits");
  assert.equal(data.listings.length, 1);
});

const UUID = "00000000-0000-4000-8000-00000000dead";
const EVERY_TASK = FLAGGED_AGENTS.flatMap((agent) =>
  Object.entries(findAgent(agent).flows).map(([flow, { steps }]) => ({
    row: `do:${agent}:${flow}`,
    steps: Object.keys(steps),
  }))
);

Deno.test("a row that was never offered is refused by its steps: no agent throws over it", async () => {
  const value = fc.oneof(
    fc.constantFrom(
      ...["x", UUID, UUID.toUpperCase(), UUID.replaceAll("-", ""), `${UUID}0`],
      ...["00000000-0000-0000-0000-00000000dead", "-1", "0", "1e9", "null", "{}", "tomorrow"],
      ...["\0𐀀𐀀", "2026-13-45", "99:99", "10:00", "Kigali", "accepted", "car", "a".repeat(200)],
    ),
    fc.string({ unit: "binary", maxLength: 30 }),
  );
  const forged = fc.constantFrom(...EVERY_TASK).chain(({ row, steps }) =>
    fc.array(fc.tuple(fc.constantFrom(...steps, "__proto__", "toString"), value), { maxLength: 6 })
      .map((pairs) => `${row}:${pairs.map((pair) => pair.join("=")).join("&")}`)
  );
  await fc.assert(
    fc.asyncProperty(fc.array(forged, { minLength: 1, maxLength: 3 }), async (rows) => {
      const conversation = createConversation();
      for (const row of rows) {
        for (const said of [choose(row, "x"), write("yes")]) {
          checkState(conversation, await conversation.say(said));
          const { outcome, error, events } = conversation.decided.at(-1)!;
          assert.deepEqual([outcome, error, events[0]?.outcome], ["answered", null, "succeeded"]);
        }
      }
    }),
    {
      numRuns: 301,
      examples: [[[
        "do:support:ticket:problem=\u000e\u{10000}\u{10000}",
        "do:marketplace:search:",
      ]]],
    },
  );
});

Deno.test("a row with an id that isn't one asks for a choice", async () => {
  const conversation = createConversation();
  const [reply] = await conversation.say(choose("do:jobs:view:listing_id=x"));
  assert.match(JSON.stringify(reply), /choose from the list/);
  assert.equal(conversation.decided[0]!.outcome, "answered");
});

Deno.test("two people of two organizations say the same at once, and nothing crosses", async () => {
  const data = createAgentData();
  const people = ["org-1", "org-2"].map((orgId) =>
    createConversation({ data, orgId, name: orgId })
  );
  const say = (text: string) => Promise.all(people.map((person) => person.say(write(text))));
  for (const text of ["I want to sell my old fridge for 80k", "Works", "Kigali", "yes"]) {
    await say(text);
  }
  assert.deepEqual(data.listings.map(({ org_id, title }) => [org_id, title]), [
    ["org-1", "fridge"],
    ["org-2", "fridge"],
  ]);
  const [mine, theirs] = await say("my listings");
  const ids = data.listings.map(({ id }) => id);
  assert.ok(JSON.stringify(mine).includes(ids[0]!) && !JSON.stringify(mine).includes(ids[1]!));
  assert.ok(JSON.stringify(theirs).includes(ids[1]!) && !JSON.stringify(theirs).includes(ids[0]!));
  const [first] = people;
  const seen = await first!.say(choose(`do:marketplace:view:listing_id=${ids[1]}`));
  assert.match(JSON.stringify(seen), /no longer listed/);
  await first!.say(choose(`do:marketplace:sold:listing_id=${ids[1]}`));
  assert.match(JSON.stringify(await first!.say(write("yes"))), /isn't there any more/);
  assert.equal(data.listings[1]!.state, "active");
});

Deno.test("an agent that throws says so politely, and leaves nothing that throws again", async () => {
  const data = createAgentData();
  const broken = createConversation({
    data: {
      ...data,
      // Of another shape than any agent expects.
      readAgentData: ({ reads }) =>
        Promise.resolve(reads.map(() => ({ kind: "listings", listings: [null] }) as never)),
    },
  });
  const [reply] = await broken.say(write("I need a plumber job in Kigali"));
  assert.match(JSON.stringify(reply), /something went wrong on our side/);
  const { outcome, events, effects, session } = broken.decided[0]!;
  assert.deepEqual([outcome, effects, session?.flow], ["failed", [], null]);
  assert.deepEqual([events[0]?.agent, events[0]?.outcome], ["jobs", "failed"]);
  assert.ok(events[0]?.error);
  assert.match(JSON.stringify(await broken.say(write("hello"))), /Choose a service/);
});

Deno.test("a handoff keeps what was found out, and never goes to and fro in a turn", async () => {
  const conversation = createConversation();
  for (const text of ["I want to sell my sofa", "Brown", "150k", "Huye"]) {
    await conversation.say(write(text));
  }
  await conversation.say(write("I am looking for a house to rent with 2 bedrooms for 90k"));
  const decided = conversation.decided.at(-1)!;
  assert.equal(decided.events[0]?.handed_off_from, "marketplace");
  assert.equal(conversation.session.current_agent, "property");
  assert.match(
    JSON.stringify(conversation.data.calls),
    /1/,
    "the place was known: it was searched",
  );
  await conversation.say(write("retour"));
  assert.deepEqual(
    [conversation.session.current_agent, conversation.session.flow, conversation.session.flow_step],
    ["marketplace", "sell", "confirm"],
  );
});

Deno.test("a handoff takes about the time of the same words without one", async () => {
  const times: { [kind in "handed" | "plain"]: number[] } = { handed: [], plain: [] };
  for (let round = 0; round < 80; round += 1) {
    for (const kind of ["handed", "plain"] as const) {
      const conversation = createConversation();
      const before = kind === "handed" ? ["I want to sell my sofa", "Brown leather"] : ["menu"];
      for (const text of before) await conversation.say(write(text));
      const began = performance.now();
      await conversation.say(write("I am looking for a plumber job in Kigali"));
      times[kind].push(performance.now() - began);
      const from = conversation.decided.at(-1)?.events[0]?.handed_off_from;
      assert.equal(from, kind === "handed" ? "marketplace" : null);
    }
  }
  const median = (all: number[]) => all.slice(20).sort((one, other) => one - other)[30]!;
  const ratio = median(times.handed) / median(times.plain);
  assert.ok(ratio < 5, `it takes ${ratio.toFixed(1)} times as long`);
});

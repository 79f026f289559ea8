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
import type { QueuedReply } from "../../ports_messaging.ts";
import { findAgent } from "../agents/registry.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";

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
  ..."thank you|hello|What is this?|a long answer in one's own words about something|🙂".split("|"),
];
const message = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...WORDS).map(write) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }).map(write) },
  { weight: 6, arbitrary: fc.nat().map((pick) => ({ pick })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Written>(
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
    ),
  },
);
const minutes = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.constantFrom(10, 2_000) },
);
const features = fc.record({
  crossDomainHandoffs: fc.boolean(),
  unifiedSearch: fc.boolean(),
  sharedPreferences: fc.boolean(),
  hybridFlows: fc.boolean(),
});

function checkState({ session }: Conversation, replies: readonly QueuedReply[]): void {
  assert.ok(replies.length >= 1 && replies.length <= 4, "everything is answered, briefly");
  assert.ok(
    replies.filter(({ type }) => type !== "text").length <= 1,
    "one thing is asked at most",
  );
  if (session.flow === null) {
    return assert.equal(session.flow_step, null, "nothing waits where no flow is");
  }
  const agent = FLAGGED_AGENTS.find((name) => name === session.current_agent);
  const flow = agent === undefined ? undefined : findAgent(agent)?.flows[session.flow];
  assert.ok(flow, "the flow is one of the agent's");
  const step = session.flow_step!;
  assert.ok(
    step in flow.steps || step === "confirm" || step === "change",
    "and so is the question",
  );
}

Deno.test("whatever is said, one question waits at most, and every conversation can be left", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(message, minutes), { minLength: 1, maxLength: 15 }),
      features,
      async (said, on) => {
        const conversation = createConversation({ features: on });
        let offered: string[] = [];
        for (const [each, pause] of said) {
          conversation.pass(pause);
          const next = "pick" in each
            ? choose(offered[each.pick % Math.max(1, offered.length)] ?? "agent:jobs", "chosen")
            : each;
          const replies = await conversation.say(next);
          assert.equal(conversation.decided.at(-1)!.error, null);
          checkState(conversation, replies);
          offered = listChoices(replies);
        }
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
    { numRuns: 150 },
  );
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

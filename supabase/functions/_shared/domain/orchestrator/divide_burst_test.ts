import assert from "node:assert/strict";
import {
  choose,
  type Conversation,
  createConversation,
  write,
  type Written,
} from "../../../../../tests/in_memory/create_conversation.ts";

const VOICE: Written = { type: "audio", content: {} };

async function begin(...texts: string[]): Promise<Conversation> {
  const conversation = createConversation();
  for (const text of texts) await conversation.say(write(text));
  return conversation;
}
const SELLING = ["I want to sell my sofa", "Brown", "150k"];

/** What is said in one burst; where it leaves the conversation, and what the replies say. */
const BURSTS: [
  what: string,
  before: string[],
  burst: Written[],
  after: {
    agent: string;
    flow: string | null;
    step?: string | null;
    says?: RegExp[];
    not?: RegExp;
  },
][] = [
  [
    "a wish behind a word that resets",
    SELLING,
    [write("menu"), write("I want to sell my bicycle")],
    { agent: "marketplace", flow: "sell", says: [/bicycle/], not: /Choose a service/ },
  ],
  [
    "a wish behind a cancel",
    SELLING,
    [write("cancel"), write("I need a plumber job in Kigali")],
    { agent: "jobs", flow: null, says: [/Cancelled, nothing was sent/, /No such job/] },
  ],
  [
    "a wish behind a back",
    [],
    [write("back"), write("looking for a house to rent in Huye")],
    { agent: "property", flow: "search" },
  ],
  [
    "an answer behind a back that goes on",
    [...SELLING, "how much to insure my motorcycle"],
    [write("back"), write("Huye")],
    { agent: "marketplace", flow: "sell", step: "confirm", says: [/Huye/] },
  ],
  [
    "a wish behind START",
    [],
    [write("START"), write("I need a plumber job in Kigali")],
    { agent: "jobs", flow: null, says: [/No such job/] },
  ],
  [
    "a wish behind STOP, which is confirmed as well",
    SELLING,
    [write("STOP"), write("looking for a house to rent in Huye")],
    { agent: "property", flow: "search", says: [/START/] },
  ],
  [
    "the word that resets, where it is the last",
    SELLING,
    [write("Huye"), write("menu")],
    { agent: "support", flow: null, says: [/Choose a service/] },
  ],
  [
    "the menu, where nothing but a greeting is behind it",
    SELLING,
    [write("menu"), write("hello")],
    { agent: "support", flow: null, says: [/Choose a service/] },
  ],
  [
    "words before a row, which say what it is about",
    [],
    [write("brown, 150k, in Huye"), choose("do:marketplace:sell")],
    { agent: "marketplace", flow: "sell" },
  ],
  [
    "words behind the row of an agent",
    [],
    [choose("agent:jobs"), write("a plumber job in Kigali")],
    { agent: "jobs", flow: null, says: [/No such job/] },
  ],
  [
    "an answer to the waiting question, and then a row",
    ["I want to sell my sofa", "Brown"],
    [write("150k"), choose("do:jobs:search")],
    { agent: "jobs", flow: "search" },
  ],
  [
    "a voice note beside words",
    [],
    [VOICE, write("I want to sell my bicycle")],
    { agent: "marketplace", flow: "sell", says: [/can't listen to voice notes/, /bicycle/] },
  ],
  [
    "a voice note beside a row, and before a word that resets",
    SELLING,
    [VOICE, write("menu")],
    { agent: "support", flow: null, says: [/can't listen to voice notes/, /Choose a service/] },
  ],
];
for (const [what, before, burst, after] of BURSTS) {
  Deno.test(`of a burst is answered: ${what}`, async () => {
    const conversation = await begin(...before);
    const replies = JSON.stringify(await conversation.say(...burst));
    const { current_agent, flow, flow_step } = conversation.session;
    assert.deepEqual([current_agent, flow], [after.agent, after.flow], replies);
    if (after.step !== undefined) assert.equal(flow_step, after.step, replies);
    for (const pattern of after.says ?? []) assert.match(replies, pattern);
    if (after.not !== undefined) assert.doesNotMatch(replies, after.not);
  });
}

Deno.test("what was answered in a burst before a row is kept with the task that is put aside", async () => {
  const conversation = await begin("I want to sell my sofa", "Brown");
  await conversation.say(write("150k"), choose("do:jobs:search"));
  await conversation.say(write("back"));
  assert.deepEqual(conversation.session.collected_data["price"], {
    amount: 150_000,
    currency: "RWF",
  });
});

Deno.test("a question that is left out in a burst comes again where nobody else takes the words", async () => {
  const conversation = createConversation({ features: { crossDomainHandoffs: false } });
  const replies = await conversation.say(
    choose("do:insurance:quote"),
    write("I am looking for a plumber job in Kigali"),
  );
  const { flow, flow_step } = conversation.session;
  assert.deepEqual([flow, flow_step], ["quote", "vehicle"]);
  assert.match(JSON.stringify(replies[0]), /Another service can/);
  assert.match(JSON.stringify(replies.at(-1)), /answer:quote\.vehicle/);
});

Deno.test("a yes behind a back confirms nothing: it was written before the question came again", async () => {
  const conversation = await begin(...SELLING, "Huye", "looking for a house to rent in Huye");
  const [question] = await conversation.say(write("back"), write("yes"));
  assert.match(JSON.stringify(question), /Publish this/);
  assert.deepEqual(conversation.data.listings, []);
  await conversation.say(write("yes"));
  assert.equal(conversation.data.listings.length, 1);
});

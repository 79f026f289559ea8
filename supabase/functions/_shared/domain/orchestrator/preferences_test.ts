import assert from "node:assert/strict";
import { createAgentData } from "../../../../../tests/in_memory/create_agent_data.ts";
import type { FlagDecision } from "../rollout/evaluate_flags.ts";
import type { Read } from "../../ports_agents.ts";
import {
  createConversation,
  write,
  type Written,
} from "../../../../../tests/in_memory/create_conversation.ts";

const HOURS = 60;
const said = (replies: unknown) => JSON.stringify(replies);
const pin: Written = {
  type: "location",
  content: { latitude: -1.95, longitude: 30.06, name: "Kimironko" },
};

/** A conversation, and what its tools have read. */
function begin(features: Partial<FlagDecision["features"]> = {}) {
  const data = createAgentData();
  const reads: Read[] = [];
  const read: typeof data.readAgentData = (input) => {
    reads.push(...input.reads);
    return data.readAgentData(input);
  };
  const conversation = createConversation({ data: { ...data, readAgentData: read }, features });
  const findNear = () =>
    reads.flatMap((each) => each.kind === "listings" ? [each.near ?? null] : []).at(-1);
  return { ...conversation, data, findNear };
}

for (const sharedPreferences of [true, false]) {
  const known = sharedPreferences ? "is known to the next" : "stays with it";

  Deno.test(`the language said to one agent ${known}`, async () => {
    const conversation = begin({ sharedPreferences });
    await conversation.say(write("nkeneye akazi k'ubushoferi i Kigali"));
    conversation.pass(30 * HOURS);
    // A word that tells no language, after the session has ended: nobody in particular is asked.
    const menu = said(await conversation.say(write("ok")));
    assert.equal(/serivisi/i.test(menu), sharedPreferences, menu);
  });

  Deno.test(`the place said to one agent ${known}`, async () => {
    const conversation = begin({ sharedPreferences });
    await conversation.say(write("I need a plumber job"));
    await conversation.say(pin);
    await conversation.say(write("menu"));
    const before = conversation.findNear();
    const asked = said(await conversation.say(write("find a pizza restaurant near me")));
    assert.equal(/Where/.test(asked), !sharedPreferences, asked);
    if (sharedPreferences) assert.deepEqual(conversation.findNear(), before);
  });

  Deno.test(`a place is asked for ${sharedPreferences ? "once" : "by each agent"}`, async () => {
    const conversation = begin({ sharedPreferences });
    await conversation.say(pin);
    conversation.pass(30 * HOURS);
    const asked = said(await conversation.say(write("I need a plumber job")));
    assert.equal(/where/i.test(asked), !sharedPreferences, asked);
    assert.equal(conversation.findNear()?.latitude, sharedPreferences ? -1.95 : undefined);
  });

  Deno.test(`words that name another place come first, shared or not (${sharedPreferences})`, async () => {
    const conversation = begin({ sharedPreferences });
    await conversation.say(pin);
    await conversation.say(write("I need a plumber job in Huye"));
    assert.notEqual(conversation.findNear()?.latitude, -1.95);
  });

  Deno.test(`the currency said to one agent ${known}`, async () => {
    const conversation = begin({ sharedPreferences });
    await conversation.say(write("I want to sell my bicycle for 100 USD in Kigali"));
    await conversation.say(write("menu"));
    await conversation.say(write("I want to sell 500 kg of maize at 400 per kg in Huye"));
    for (const answer of ["next week", "400", "yes"]) await conversation.say(write(answer));
    const [listing] = conversation.data.listings;
    assert.equal(listing?.domain, "farmer");
    assert.equal(listing?.currency, sharedPreferences ? "USD" : "RWF");
  });
}

Deno.test("a place said to nobody in particular is anybody's", async () => {
  const conversation = begin();
  await conversation.say(pin);
  await conversation.say(write("find a pizza restaurant near me"));
  assert.equal(conversation.findNear()?.latitude, -1.95);
});

import assert from "node:assert/strict";
import type { QueuedReply } from "../../ports_messaging.ts";
import { createConversation, write } from "../../../../../tests/in_memory/create_conversation.ts";
import { createScriptedModel } from "../../../../../tests/in_memory/create_scripted_model.ts";

const SELLING = ["I want to sell my sofa", "Brown", "150k", "Huye"];
/** Written so long before it is read. */
const early = (text: string, minutes = 60) => ({ ...write(text), minutesAgo: minutes });
const asks = (replies: QueuedReply[], pattern: RegExp) =>
  assert.match(JSON.stringify(replies), pattern);

for (const hybridFlows of [true, false]) {
  Deno.test(`a yes from before the question confirms nothing (hybridFlows ${hybridFlows})`, async () => {
    const conversation = createConversation({ features: { hybridFlows } });
    for (const text of SELLING) await conversation.say(write(text));
    for (let time = 0; time < 3; time += 1) {
      asks(await conversation.say(early("yes")), /Publish this/);
      assert.deepEqual(conversation.data.listings, []);
    }
    // In the same moment as well: the question had not been sent.
    asks(await conversation.say(early("ok", 1 / 60_000)), /Publish this/);
    assert.deepEqual(conversation.data.listings, []);
    await conversation.say(write("yes"));
    assert.equal(conversation.data.listings.length, 1, "a yes a moment after it does");
  });
}

Deno.test("a no from before the question changes nothing but the question", async () => {
  const conversation = createConversation();
  for (const text of SELLING) await conversation.say(write(text));
  await conversation.say(early("no"));
  assert.equal(conversation.session.flow_step, "change");
  assert.deepEqual(conversation.data.listings, []);
});

Deno.test("a yes from before a model's question does nothing, and the question waits on", async () => {
  const model = createScriptedModel();
  const conversation = createConversation({ model });
  await conversation.say(write("I need a driver job in Kigali"));
  model.next = {
    agent: "jobs",
    calls: [{ name: "create_listing", arguments: { domain: "jobs", title: "Cook wanted" } }],
    text: "",
  };
  const asked = await conversation.say(write("qwzx"));
  asks(asked, /Cook wanted/);
  model.next = null;
  const again = await conversation.say(early("yes"));
  assert.deepEqual(again, asked, "the same question, with the same buttons");
  assert.deepEqual(conversation.data.listings, []);
  await conversation.say(write("yes"));
  assert.deepEqual(conversation.data.listings.map(({ title }) => title), ["Cook wanted"]);
});

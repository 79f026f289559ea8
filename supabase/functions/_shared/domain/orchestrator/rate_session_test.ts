import assert from "node:assert/strict";
import {
  choose,
  createConversation,
  createId,
  write,
} from "../../../../../tests/in_memory/create_conversation.ts";
import type { QueuedReply } from "../../ports_messaging.ts";
import { LANGUAGES } from "../session/service_menu.ts";
import { TURN_WORDS } from "./words.ts";

const DAY_MINUTES = 24 * 60;

function buttonsOf(replies: QueuedReply[]): string[] {
  return replies.flatMap(({ content }) => "buttons" in content ? content.buttons : [])
    .map(({ id }) => id);
}

/** A conversation in which a goodbye was said, and the buttons that came with it. */
async function part() {
  const conversation = createConversation();
  await conversation.say(write("thank you"));
  const { id } = conversation.session;
  const [up = "", down = ""] = buttonsOf(await conversation.say(write("goodbye")));
  const rated = () => conversation.data.others.map((each) => "rating" in each && each.rating);
  return { conversation, id, up, down, rated };
}

Deno.test("a goodbye asks about the session that it ends", async () => {
  const { conversation, id, up, down } = await part();
  assert.equal(conversation.session.status, "completed");
  assert.deepEqual([up, down], [`rate:${id}:up`, `rate:${id}:down`]);
});

Deno.test("nobody is asked after STOP, nor after a goodbye alone, nor in the middle of something", async () => {
  for (const words of [["thank you", "STOP"], ["goodbye"]]) {
    const conversation = createConversation();
    let replies: QueuedReply[] = [];
    for (const word of words) replies = await conversation.say(write(word));
    assert.deepEqual(buttonsOf(replies), [], words.join());
    assert.equal(conversation.session.status, "completed");
  }
  const conversation = createConversation();
  await conversation.say(write("thank you"));
  const aside = [{ agent: "jobs", flow: "post", step: "title", data: {} }];
  const { context } = conversation.session;
  conversation.session = { ...conversation.session, context: { ...context, aside } };
  assert.deepEqual(buttonsOf(await conversation.say(write("goodbye"))), []);
  assert.equal(conversation.session.status, "active");
});

Deno.test("once in a day", async () => {
  const { conversation } = await part();
  for (const [minutes, isAsked] of [[DAY_MINUTES - 5, false], [10, true], [1, false]] as const) {
    conversation.pass(minutes);
    await conversation.say(write("thank you"));
    const asked = buttonsOf(await conversation.say(write("goodbye")));
    assert.equal(asked.length > 0, isAsked, `${minutes}`);
  }
});

Deno.test("the tap is one effect and one line of thanks; the first answer stands", async () => {
  const { conversation, id, up, down, rated } = await part();
  const [thanks, ...more] = await conversation.say(choose(up));
  assert.deepEqual([thanks?.content, more], [{ text: TURN_WORDS.rated.en }, []]);
  assert.deepEqual(conversation.decided.at(-1)?.effects, [
    { kind: "rate_session", session_id: id, rating: "up" },
  ]);
  await conversation.say(choose(down));
  assert.deepEqual(rated(), ["up"]);
});

Deno.test("a tap leaves a question that waits where it is", async () => {
  const { conversation, up, rated } = await part();
  await conversation.say(write("I want to sell my bicycle"));
  const { flow, flow_step, collected_data } = conversation.session;
  assert.ok(flow !== null);
  const replies = await conversation.say(choose(up));
  assert.equal(replies.length, 1);
  assert.ok(JSON.stringify(replies).includes(TURN_WORDS.rated.en));
  const after = conversation.session;
  assert.deepEqual([after.flow, after.flow_step, after.collected_data], [
    flow,
    flow_step,
    collected_data,
  ]);
  assert.deepEqual(rated(), ["up"]);
});

Deno.test("what only looks like a rating is a button that is no longer there", async () => {
  const id = createId();
  for (const forged of ["rate:", `rate:${id}`, `rate:${id}:sideways`, "rate:1' or true:up"]) {
    const conversation = createConversation();
    const replies = await conversation.say(choose(forged));
    assert.ok(JSON.stringify(replies).includes(TURN_WORDS.closed.en), forged);
    assert.deepEqual(conversation.decided.at(-1)?.effects, [], forged);
  }
});

Deno.test("the words fit on buttons in every language", () => {
  for (const language of LANGUAGES) {
    for (const title of [TURN_WORDS.rate_up[language], TURN_WORDS.rate_down[language]]) {
      assert.ok(title.length <= 20, title);
    }
  }
});

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { queryDatabase } from "../../support/query_database.ts";
import { killFunction, waitForFunction } from "../../support/restart_function.ts";
import {
  type CallTenant,
  countRows,
  createCallTenant,
  describeCall,
  newCallId,
  sendMessage,
} from "./support.ts";

const tenant = await createCallTenant();
type Result = { toolCallId: string; name: string; result?: string; error?: string };

async function callTools(
  id: string,
  toolCallList: unknown[],
  extra: Record<string, unknown> = {},
  asker: CallTenant = tenant,
): Promise<Result[]> {
  const answer = await sendMessage(asker, {
    ...describeCall(id),
    type: "tool-calls",
    toolCallList,
    toolWithToolCallList: [],
    ...extra,
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.body.results as Result[];
}

/** The questions that `calls`, which say `confirmed`, are the yes to. */
const askFirst = (
  callId: string,
  calls: { id: string; name?: string; arguments: Record<string, unknown> }[],
) =>
  callTools(
    callId,
    calls.map((call) => ({
      ...call,
      id: `ask-${call.id}`,
      arguments: { ...call.arguments, confirmed: false },
    })),
  );

const takenIn = (callId: string) =>
  countRows(
    `public.taken_messages as message join public.call_tracking as call
       on call.id = message.call_tracking_id where call.vapi_call_id = $1`,
    [callId],
  );

Deno.test("tool-calls: each shape is one tool call with one result", async (test) => {
  const given = { message: "Please call me back", confirmed: true };
  const shapes: [string, Record<string, unknown>][] = [
    ["function, an object", {
      type: "function",
      function: { name: "take_message", arguments: given },
    }],
    ["function, text", {
      type: "function",
      function: { name: "take_message", arguments: JSON.stringify(given) },
    }],
    ["name and parameters", { name: "take_message", parameters: given }],
    ["name and arguments", { name: "take_message", arguments: given }],
  ];
  for (const [name, shape] of shapes) {
    await test.step(name, async () => {
      const id = newCallId();
      const toolCallId = randomUUID();
      await askFirst(id, [{ id: toolCallId, ...shapes[3]![1] as { arguments: typeof given } }]);
      assert.equal(await takenIn(id), 0);
      const results = await callTools(id, [{ id: toolCallId, ...shape }]);
      assert.equal(results.length, 1);
      assert.equal(results[0]?.toolCallId, toolCallId);
      assert.equal(results[0]?.name, "take_message");
      assert.deepEqual(JSON.parse(results[0]?.result ?? ""), {
        message: "The message has been passed on to the staff.",
        taken: true,
      });
      assert.equal(await takenIn(id), 1);
    });
  }
});

Deno.test("tool-calls: every tool, and whatever else is asked", async () => {
  const id = newCallId();
  const message = { message: "Hi", org_id: "x", confirmed: true };
  const text = { text: "Our address: …", confirmed: true };
  await askFirst(id, [
    { id: "message", name: "take_message", arguments: message },
    { id: "whatsapp", name: "send_whatsapp_follow_up", arguments: text },
  ]);
  assert.equal(await takenIn(id), 0);
  const results = await callTools(id, [
    { id: "hours", name: "get_business_hours", arguments: {} },
    { id: "message", name: "take_message", arguments: message },
    { id: "transfer", name: "transfer_to_person", arguments: {} },
    { id: "whatsapp", name: "send_whatsapp_follow_up", arguments: text },
    { id: "unknown", name: "delete_everything", arguments: {} },
    { id: "wrong", name: "take_message", arguments: { text: 7 } },
    { id: "broken", name: "take_message", arguments: "{" },
    { name: "take_message", arguments: { message: "without an id" } },
  ]);
  assert.deepEqual(results.map(({ toolCallId }) => toolCallId), [
    "hours",
    "message",
    "transfer",
    "whatsapp",
    "unknown",
    "wrong",
    "broken",
    "",
  ]);
  for (const { result, error } of results) {
    assert.equal(result === undefined, error !== undefined);
    assert.ok(!/[\r\n]/.test(result ?? error ?? ""));
  }
  assert.deepEqual(results.map(({ error }) => error !== undefined), [
    false,
    false,
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
  assert.equal(await takenIn(id), 1);
  const [sent] = await queryDatabase<{ text: string; kind: string; value: string }>(
    `select message.content ->> 'text' as text, message.kind, identity.value
     from public.outbound_messages as message
     join public.contact_identities as identity on identity.contact_id = message.contact_id
     where message.dedupe_key = $1`,
    [`tool_call:${id}:whatsapp`],
  );
  assert.deepEqual(sent, { text: "Our address: …", kind: "initiated", value: "250788123456" });
});

Deno.test("tool-calls: delivered many times at once, each acts once and is answered the same", async () => {
  const id = newCallId();
  const list = ["a", "b", "c"].map((name) => ({
    id: name,
    name: "take_message",
    arguments: { message: `Message ${name}`, confirmed: true },
  }));
  await askFirst(id, list);
  const answers = await Promise.all(Array.from({ length: 8 }, () => callTools(id, list)));
  for (const results of answers) assert.deepEqual(results, answers[0]);
  assert.equal(await takenIn(id), 3);
  // A model that changes its mind afterwards gets what was done.
  const [again] = await callTools(id, [
    { id: "a", name: "take_message", arguments: { message: "Another message" } },
  ]);
  assert.deepEqual(again, answers[0]?.[0]);
  assert.equal(await takenIn(id), 3);
});

Deno.test("tool-calls: the function killed again and again, nothing is done twice", async () => {
  const id = newCallId();
  const list = Array.from({ length: 10 }, (_, place) => ({
    id: `t${place}`,
    name: "take_message",
    arguments: { message: `Message ${place}`, confirmed: true },
  }));
  await askFirst(id, list);
  const asking = list.map(async (call) => {
    // As a provider with retries: until an answer arrives, however long the function takes to come back.
    const deadline = performance.now() + 120_000;
    while (performance.now() < deadline) {
      const answer = await sendMessage(tenant, {
        ...describeCall(id),
        type: "tool-calls",
        toolCallList: [call],
      }).catch(() => undefined);
      if (answer?.status === 200) return answer.body.results as Result[];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`Tool call "${call.id}" was never answered`);
  });
  for (let kill = 0; kill < 3; kill++) {
    const { pid } = killFunction("unified-webhook");
    await waitForFunction("unified-webhook", { otherThan: pid });
  }
  const results = await Promise.all(asking);
  assert.ok(results.every(([result]) => result?.result !== undefined));
  assert.equal(await takenIn(id), 10);
});

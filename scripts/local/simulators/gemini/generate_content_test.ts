import assert from "node:assert/strict";
import { member, type Reply, send, withSimulators } from "../with_simulators.ts";

const KEY = { "x-goog-api-key": "gemini-demo-key" };
const MODEL = "/v1beta/models/gemini-3.8-flash:generateContent";
const user = (text: string) => ({ role: "user", parts: [{ text }] });
const FUNCTIONS = [{ name: "find", description: "Finds.", parametersJsonSchema: {} }];
const tools = [{ functionDeclarations: FUNCTIONS }];
const generate = (gemini: string, body: unknown, path = MODEL) =>
  send(`${gemini}${path}`, { headers: KEY, body });
const addRules = (gemini: string, ...rules: unknown[]) =>
  send(`${gemini}/__simulator/rules`, { body: { rules } });
type Part = Record<string, unknown>;
const candidate = (reply: Reply) =>
  member<{ content: { role: string; parts: Part[] }; finishReason: string }[]>(
    reply.body,
    "candidates",
  )[0]!;

Deno.test("it answers with a text, and counts the tokens", async () => {
  await withSimulators(async ({ gemini }) => {
    const reply = await generate(gemini, { contents: [user("Hello")] });
    assert.equal(reply.status, 200);
    assert.equal(candidate(reply).finishReason, "STOP");
    const usage = member<Record<string, number>>(reply.body, "usageMetadata");
    assert.equal(
      usage["totalTokenCount"],
      usage["promptTokenCount"]! + usage["candidatesTokenCount"]!,
    );
    const again = await generate(gemini, { contents: [user("Hello")] });
    assert.deepEqual(candidate(again), candidate(reply));
  });
});

const call = { functionCall: { name: "find", args: {} } };
const answer = { role: "user", parts: [{ functionResponse: { name: "find", response: {} } }] };
const REFUSED: [what: string, body: Record<string, unknown>, message: RegExp][] = [
  ["no contents", {}, /contents/],
  ["an empty list", { contents: [] }, /contents is not specified/],
  ["another role", { contents: [{ role: "system", parts: [{ text: "a" }] }] }, /valid role/],
  ["no parts", { contents: [{ role: "user", parts: [] }] }, /parts must not be empty/],
  [
    "a part of two kinds",
    { contents: [{ role: "user", parts: [{ text: "a", ...call }] }] },
    /oneof field 'data'/,
  ],
  ["an unknown field", { contents: [user("a")], maxTokens: 5 }, /Unknown name "maxTokens"/],
  [
    "an unknown setting",
    { contents: [user("a")], generationConfig: { max_tokens: 5 } },
    /Unknown name "max_tokens" at 'generationConfig'/,
  ],
  [
    "a schema without JSON",
    { contents: [user("a")], generationConfig: { responseJsonSchema: {} } },
    /response mime type/,
  ],
  [
    "a function without a description",
    { contents: [user("a")], tools: [{ functionDeclarations: [{ name: "find" }] }] },
    /description/,
  ],
  [
    "a conversation that ends with the model",
    { contents: [user("a"), { role: "model", parts: [{ text: "b" }] }] },
    /ends with a user turn/,
  ],
  [
    "a call that the person makes",
    { contents: [{ role: "user", parts: [call] }] },
    /only valid in a model turn/,
  ],
  ["an answer to nothing", { contents: [user("a"), answer] }, /number of function response parts/],
  [
    "a call without its signature",
    { tools, contents: [user("a"), { role: "model", parts: [call] }, answer] },
    /missing a thought_signature/,
  ],
  [
    "a signature of somebody's own",
    {
      tools,
      contents: [
        user("a"),
        { role: "model", parts: [{ ...call, thoughtSignature: "YQ==" }] },
        answer,
      ],
    },
    /Corrupted thought signature/,
  ],
];
for (const [what, body, message] of REFUSED) {
  Deno.test(`${what} is an invalid argument`, async () => {
    await withSimulators(async ({ gemini }) => {
      const reply = await generate(gemini, body);
      assert.equal(reply.status, 400);
      const error = member<{ status: string; message: string }>(reply.body, "error");
      assert.equal(error.status, "INVALID_ARGUMENT");
      assert.match(error.message, message);
    });
  });
}

Deno.test("a call comes signed, goes back with its signature, and is answered from", async () => {
  await withSimulators(async ({ gemini }) => {
    await addRules(gemini, { when: { text: "find" }, then: { calls: [{ name: "find" }] } });
    const first = candidate(await generate(gemini, { tools, contents: [user("find it")] }));
    assert.ok(first.content.parts[0]!["thoughtSignature"]);
    const response = { name: "find", response: { content: '{"message":"Here."}' } };
    const second = await generate(gemini, {
      tools,
      contents: [
        user("find it"),
        first.content,
        { role: "user", parts: [{ functionResponse: response }] },
      ],
    });
    assert.deepEqual(candidate(second).content.parts, [{ text: "Here." }]);
  });
});

Deno.test("rules answer in their order, so often as they say, by model, text and result", async () => {
  await withSimulators(async ({ gemini }) => {
    await addRules(
      gemini,
      { when: { model: "gemini-3.5-flash-lite" }, then: { text: "small" } },
      { when: { text: "^muraho" }, then: { text: "once" }, times: 1 },
      { when: { text: "muraho" }, then: { finishReason: "SAFETY" } },
      { when: { anywhere: "secret word" }, then: { blockReason: "PROHIBITED_CONTENT" } },
    );
    const ask = async (text: string, system = "Hi", path?: string) =>
      await generate(gemini, {
        contents: [user(text)],
        systemInstruction: { parts: [{ text: system }] },
      }, path);
    const lite = MODEL.replace("3.8-flash", "3.5-flash-lite");
    assert.deepEqual(candidate(await ask("Muraho", "", lite)).content.parts, [{ text: "small" }]);
    assert.deepEqual(candidate(await ask("MURAHO neza")).content.parts, [{ text: "once" }]);
    assert.equal(candidate(await ask("Muraho neza")).finishReason, "SAFETY");
    const blocked = await ask("x", "the secret word");
    assert.equal(member<Part>(blocked.body, "promptFeedback")["blockReason"], "PROHIBITED_CONTENT");
    const removed = await send(`${gemini}/__simulator/rules`, { method: "DELETE" });
    assert.deepEqual(removed.body, { removed: 4 });
  });
});

Deno.test("a text that is longer than allowed is cut", async () => {
  await withSimulators(async ({ gemini }) => {
    await addRules(gemini, { then: { text: "a".repeat(100) } });
    const reply = await generate(gemini, {
      contents: [user("a")],
      generationConfig: { maxOutputTokens: 5 },
    });
    assert.equal(candidate(reply).finishReason, "MAX_TOKENS");
  });
});

Deno.test("who may not call calls nothing, whatever a rule says", async () => {
  await withSimulators(async ({ gemini }) => {
    await addRules(gemini, { then: { calls: [{ name: "find" }] } });
    const toolConfig = { functionCallingConfig: { mode: "NONE" } };
    const reply = await generate(gemini, { tools, toolConfig, contents: [user("a")] });
    assert.ok("text" in candidate(reply).content.parts[0]!);
  });
});

Deno.test("retired models, and rules that can't be read, are refused", async () => {
  await withSimulators(async ({ gemini }) => {
    const old = MODEL.replace("3.8-flash", "2.5-flash");
    assert.equal((await generate(gemini, { contents: [user("a")] }, old)).status, 404);
    assert.equal((await addRules(gemini, { then: { shout: "a" } })).status, 400);
    const settings = await send(`${gemini}/__simulator/settings`, {
      method: "PUT",
      body: { mode: "rude" },
    });
    assert.equal(settings.status, 400);
  });
});

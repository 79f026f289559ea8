import assert from "node:assert/strict";
import type { AssistantBody } from "../../ports.ts";
import { compareAssistant, hidesHeaders, listTopFields } from "./compare_assistant.ts";

type Change = (actual: Record<string, Record<string, unknown>>) => void;

const offered = (name: string, description = "…", url = "https://u") => ({
  type: "function",
  function: { name, description },
  server: { url, headers: { "X-Vapi-Secret": "s" } },
});
const [taking, booking] = [offered("take_message"), offered("book_appointment")];
const tools = (...found: unknown[]): Change => (actual) =>
  void Object.assign(actual.model ?? {}, { tools: found });

const desired: AssistantBody = {
  name: "Reception",
  voice: { provider: "vapi", voiceId: "Elliot" },
  model: {
    provider: "openai",
    model: "gpt-4.1",
    messages: [{ role: "system", content: "Be kind." }],
    toolIds: ["ours"],
    tools: [offered("take_message"), offered("book_appointment")],
  },
  metadata: { agent_id: "a" },
  server: { url: "https://u", headers: { "X-Vapi-Secret": "s" } },
  serverMessages: ["status-update", "hang"],
};

const CASES: [string, Change, string[]][] = [
  ["the same", () => {}, []],
  ["what the provider adds", (actual) => {
    Object.assign(actual, { id: "1", orgId: "o", updatedAt: "…" });
    Object.assign(actual.voice ?? {}, { cachingEnabled: true });
    Object.assign(actual.model ?? {}, { emotionRecognitionEnabled: false });
    Object.assign(actual.metadata ?? {}, { theirs: 1 });
  }, []],
  ["tool ids that others attached", (actual) => {
    Object.assign(actual.model ?? {}, { toolIds: ["theirs", "ours"] });
  }, []],
  ["our tool id taken away", (actual) => {
    Object.assign(actual.model ?? {}, { toolIds: ["theirs"] });
  }, ["model.toolIds"]],
  ["no tool ids at all", (actual) => void delete actual.model?.toolIds, ["model.toolIds"]],
  ["another prompt", (actual) => {
    Object.assign(actual.model ?? {}, { messages: [{ role: "system", content: "Be rude." }] });
  }, ["model.messages.0.content"]],
  ["a message more", (actual) => {
    Object.assign(actual.model ?? {}, {
      messages: [{ role: "system", content: "Be kind." }, { role: "user", content: "x" }],
    });
  }, ["model.messages"]],
  ["another voice", (actual) => {
    Object.assign(actual, { voice: { provider: "azure", voiceId: "andrew" } });
  }, ["voice.provider", "voice.voiceId"]],
  ["no model", (actual) => void delete actual.model, ["model"]],
  ["hidden headers", (actual) => void delete actual.server?.headers, []],
  ["empty headers", (actual) => void Object.assign(actual.server ?? {}, { headers: {} }), []],
  ["masked headers", (actual) => {
    Object.assign(actual.server ?? {}, { headers: { "x-vapi-secret": "v1.****" } });
  }, []],
  ["headers written otherwise", (actual) => {
    Object.assign(actual.server ?? {}, { headers: { "x-vapi-secret": "s", other: "1" } });
  }, []],
  ["another header value", (actual) => {
    Object.assign(actual.server ?? {}, { headers: { "X-Vapi-Secret": "old" } });
  }, ["server.headers.X-Vapi-Secret"]],
  ["our header taken away", (actual) => {
    Object.assign(actual.server ?? {}, { headers: { other: "1" } });
  }, ["server.headers.X-Vapi-Secret"]],
  ["server messages in another order", (actual) => {
    Object.assign(actual, { serverMessages: ["hang", "status-update"] });
  }, []],
  ["functions in another order", tools(booking, taking), []],
  [
    "tools that others attached",
    tools({ type: "endCall" }, taking, booking, offered("theirs", "…", "https://else")),
    [],
  ],
  ["a function taken away", tools(booking), ["model.tools.take_message"]],
  ["no tools at all", (actual) => void delete actual.model?.tools, [
    "model.tools.take_message",
    "model.tools.book_appointment",
  ]],
  [
    "a function changed",
    tools(offered("take_message", "Never."), booking),
    ["model.tools.take_message"],
  ],
  ["a function sent elsewhere", tools(taking, offered("book_appointment", "…", "https://else")), [
    "model.tools.book_appointment",
  ]],
  ["a function of ours more", tools(taking, booking, offered("gone")), ["model.tools.gone"]],
  ["a function twice", tools(taking, taking, booking), ["model.tools.take_message"]],
  [
    "hidden headers of functions",
    tools(
      { ...taking, server: { url: "https://u" } },
      { ...booking, server: { url: "https://u", headers: { "x-vapi-secret": "***" } } },
    ),
    [],
  ],
  [
    "other headers of functions",
    tools(
      ...[taking, booking].map((tool) => ({
        ...tool,
        server: { url: "https://u", headers: { "X-Vapi-Secret": "old" } },
      })),
    ),
    ["model.tools.server.headers.X-Vapi-Secret"],
  ],
  ["a server message more", (actual) => {
    Object.assign(actual, { serverMessages: ["hang", "status-update", "transcript"] });
  }, ["serverMessages"]],
];
for (const [name, change, paths] of CASES) {
  Deno.test(`compareAssistant: ${name}`, () => {
    const actual = structuredClone(desired) as Record<string, Record<string, unknown>>;
    change(actual);
    assert.deepEqual(compareAssistant(desired, actual), paths);
  });
}

Deno.test("null wants a field away", () => {
  assert.deepEqual(compareAssistant({ voicemailMessage: null }, {}), []);
  assert.deepEqual(compareAssistant({ voicemailMessage: null }, { voicemailMessage: "Hi" }), [
    "voicemailMessage",
  ]);
});

Deno.test("paths are gathered under the fields that Vapi replaces", () => {
  assert.deepEqual(listTopFields(["model.model", "voice", "model.messages.0.content"]), [
    "model",
    "voice",
  ]);
});

Deno.test("headers are hidden where they are missing, empty or masked", () => {
  const shown = (headers?: Record<string, string>) => ({ server: { url: "u", headers } });
  assert.equal(hidesHeaders({}), true);
  assert.equal(hidesHeaders(shown()), true);
  assert.equal(hidesHeaders(shown({})), true);
  assert.equal(hidesHeaders(shown({ a: "***" })), true);
  assert.equal(hidesHeaders(shown({ a: "v1.x.1.y" })), false);
});

Deno.test("tools of ours that are unwanted, and a knowledge base that asks us, are differences", () => {
  const server = { url: "https://switchboard.test/vapi" };
  const model = { model: "m", toolIds: [] };
  const compare = (there: Record<string, unknown>, unwantedToolIds: string[] = []) =>
    compareAssistant({ model, server }, { model: { model: "m", ...there }, server }, {
      unwantedToolIds,
    });
  assert.deepEqual(compare({ toolIds: ["theirs"] }), []);
  assert.deepEqual(compare({ toolIds: ["theirs", "ours"] }, ["ours"]), ["model.toolIds"]);
  assert.deepEqual(compare({ knowledgeBase: { server } }), ["model.knowledgeBase"]);
  assert.deepEqual(compare({ knowledgeBase: { server: { url: "https://theirs.test" } } }), []);
  const wanted = { ...model, knowledgeBase: { server: { ...server, headers: { a: "b" } } } };
  assert.deepEqual(
    compareAssistant({ model: wanted, server }, {
      model: { ...model, knowledgeBase: { server } },
      server,
    }),
    [],
    "headers that are hidden",
  );
});

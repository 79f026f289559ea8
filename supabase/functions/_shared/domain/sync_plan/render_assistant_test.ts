import assert from "node:assert/strict";
import { createSyncWorld } from "../../../../../tests/in_memory/create_sync_world.ts";
import type { AgentRow } from "../../ports.ts";
import { readManagedBlock, removeManagedBlock } from "../managed_prompt/managed_block.ts";
import { renderAssistant } from "./render_assistant.ts";
import { VOICE_DEFAULTS } from "./voice_defaults.ts";

const agent: AgentRow = createSyncWorld().agent("inbound");
const webhook = { url: "https://demo.supabase.co/functions/v1/unified-webhook/vapi", secret: "s" };

function render(fields: Partial<AgentRow>, defaults = VOICE_DEFAULTS) {
  return renderAssistant({ ...agent, ...fields }, { defaults, webhook });
}

Deno.test("an assistant is the agent's words, the configured models and our webhook", () => {
  assert.deepEqual(render({ language: "fr" }), {
    name: "The inbound agent",
    firstMessage: "Hello!",
    voice: { provider: "vapi", voiceId: "Elliot", language: "fr-FR" },
    transcriber: { provider: "deepgram", model: "nova-3", language: "fr" },
    model: {
      provider: "openai",
      model: "gpt-4.1",
      temperature: 0.4,
      messages: [{ role: "system", content: "Be kind." }],
      toolIds: [],
    },
    maxDurationSeconds: 600,
    metadata: { org_id: agent.org_id, agent_id: agent.id, role: "inbound" },
    server: {
      url: webhook.url,
      timeoutSeconds: 20,
      headers: { "X-Vapi-Secret": "s" },
      backoffPlan: { type: "exponential", maxRetries: 5, baseDelaySeconds: 1 },
    },
    serverMessages: [
      "status-update",
      "end-of-call-report",
      "tool-calls",
      "transfer-destination-request",
      "handoff-destination-request",
      "transfer-update",
      "hang",
    ],
  });
});

Deno.test("a name is cut at Vapi's 40, never inside a character", () => {
  assert.equal(render({ name: "n".repeat(41) }).name, "n".repeat(40));
  assert.equal(render({ name: `${"n".repeat(39)}🙂` }).name, "n".repeat(39));
  assert.equal(render({ name: `${"n".repeat(38)}🙂` }).name, `${"n".repeat(38)}🙂`);
});

Deno.test("only voices that know stability are given it", () => {
  const knobs = { voice_stability: 0.5, voice_similarity_boost: 0.75 };
  assert.deepEqual(render({ ...knobs, voice: "x", voice_provider: "11labs" }).voice, {
    provider: "11labs",
    voiceId: "x",
    stability: 0.5,
    similarityBoost: 0.75,
  });
  assert.deepEqual(render({ voice: "x", voice_provider: "11labs" }).voice, {
    provider: "11labs",
    voiceId: "x",
  });
  assert.deepEqual(render({ ...knobs, voice: "x", voice_provider: "azure" }).voice, {
    provider: "azure",
    voiceId: "x",
  });
  assert.deepEqual(render({ voice: "" }).voice, VOICE_DEFAULTS.voice);
});

Deno.test("a model without a temperature is given none", () => {
  const model = { provider: "openai", model: "gpt-5" };
  assert.ok(!("temperature" in (render({}, { ...VOICE_DEFAULTS, model }).model as object)));
});

Deno.test("an agent's own model is the configured one with what differs", () => {
  const renderModel = (model: AgentRow["model"], defaults = VOICE_DEFAULTS.model) => {
    const { messages: _, toolIds: __, ...rendered } = render(
      model === undefined ? {} : { model },
      { ...VOICE_DEFAULTS, model: defaults },
    ).model as Record<string, unknown>;
    return rendered;
  };
  const cool = { provider: "openai", model: "gpt-4.1", temperature: 0.2 };
  assert.deepEqual(renderModel(undefined), VOICE_DEFAULTS.model);
  assert.deepEqual(renderModel(null), VOICE_DEFAULTS.model);
  assert.deepEqual(renderModel({ temperature: 0.2 }), cool);
  // Configured without one, a model may refuse it.
  const plain = { provider: "openai", model: "gpt-5" };
  assert.deepEqual(renderModel({ temperature: 0.2 }, plain), plain);
  assert.deepEqual(renderModel({ model: "gpt-4.1", temperature: 0.2 }, plain), cool);
});

Deno.test("a transcriber that doesn't know the language makes room for one that does", () => {
  assert.deepEqual(render({ language: "sw" }).transcriber, {
    provider: "azure",
    language: "sw-KE",
  });
});

Deno.test("a voice that was retired since it was chosen is replaced", () => {
  assert.deepEqual(render({ voice: "Paige", voice_stability: 0.5 }).voice, {
    provider: "11labs",
    voiceId: "UShdpPZj9t1Kgb9ACOS2",
    stability: 0.5,
  });
});

Deno.test("the query tool is attached and spoken of, behind the founder's words", () => {
  const knowledgeTool = { id: "tool-1", name: "search_clinic" };
  const { model } = renderAssistant(agent, { defaults: VOICE_DEFAULTS, webhook, knowledgeTool });
  const { toolIds, messages } = model as { toolIds: string[]; messages: { content: string }[] };
  const prompt = messages[0]!.content;
  assert.deepEqual(toolIds, ["tool-1"]);
  assert.match(prompt, /^Be kind\.\n\n/);
  assert.match(readManagedBlock(prompt) ?? "", /"search_clinic"/);
  assert.equal(removeManagedBlock(prompt), agent.system_prompt);
});

Deno.test("our own index is asked with the organization's secret, and needs no words in the prompt", () => {
  const { model } = renderAssistant(agent, { defaults: VOICE_DEFAULTS, webhook, ownIndex: true });
  const { toolIds, messages, knowledgeBase } = model as Record<string, unknown>;
  assert.deepEqual(toolIds, []);
  assert.deepEqual(messages, [{ role: "system", content: agent.system_prompt }]);
  assert.deepEqual(knowledgeBase, {
    provider: "custom-knowledge-base",
    server: {
      url: webhook.url,
      timeoutSeconds: 10,
      headers: { "X-Vapi-Secret": webhook.secret },
    },
  });
});

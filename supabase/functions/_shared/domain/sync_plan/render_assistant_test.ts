import assert from "node:assert/strict";
import { createSyncWorld } from "../../../../../tests/in_memory/create_sync_world.ts";
import type { AgentRow } from "../../ports.ts";
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
    voice: { provider: "vapi", voiceId: "Elliot" },
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

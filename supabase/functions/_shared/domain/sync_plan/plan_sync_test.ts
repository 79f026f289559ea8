import assert from "node:assert/strict";
import type { Assistant } from "../../ports.ts";
import { type Actual, type Applied, type Desired, planSync, type SyncPlan } from "./plan_sync.ts";

const desired: Desired = {
  body: {
    name: "Reception",
    voice: { provider: "vapi", voiceId: "Elliot" },
    model: {
      provider: "openai",
      model: "gpt-4.1",
      messages: [{ role: "system", content: "Be kind." }],
      toolIds: [],
    },
    metadata: { org_id: "org", agent_id: "agent" },
    server: { url: "https://u", headers: { "X-Vapi-Secret": "s" } },
  },
  hash: "hash-2",
  keyFingerprint: "key-a",
  orgId: "org",
  agentId: "agent",
};
const applied: Applied = {
  assistantId: "a1",
  hash: "hash-1",
  keyFingerprint: "key-a",
  createIntendedAt: null,
  agentCreatedAt: "2026-11-01T00:00:00Z",
  uncertain: false,
};
const inStep: Applied = { ...applied, hash: "hash-2" };
const never: Applied = { ...applied, assistantId: null, hash: null, keyFingerprint: null };

function assistant(fields: Record<string, unknown> = {}): Assistant {
  return {
    ...structuredClone(desired.body),
    id: "a1",
    createdAt: "2026-11-02T00:00:00Z",
    ...fields,
  } as Assistant;
}
const found = (fields?: Record<string, unknown>): Actual => ({
  seen: "found",
  assistant: assistant(fields),
});
const unknown: Actual = { seen: "unknown" };
const missing: Actual = { seen: "missing" };
const model = desired.body.model as Record<string, unknown>;
const older = { messages: [{ role: "system", content: "Be brief." }] };

type Case = {
  name: string;
  actual: Actual;
  applied: Applied;
  force?: boolean;
  plan: SyncPlan;
};
const CASES: Case[] = [
  {
    name: "equal hash and key: no call",
    actual: unknown,
    applied: inStep,
    plan: { step: "nothing" },
  },
  {
    name: "equal hash and key, but asked to look",
    actual: unknown,
    applied: inStep,
    force: true,
    plan: { step: "read", assistantId: "a1" },
  },
  {
    name: "equal hash and key, but something may have been pushed since",
    actual: unknown,
    applied: { ...inStep, uncertain: true },
    plan: { step: "read", assistantId: "a1" },
  },
  { name: "another hash", actual: unknown, applied, plan: { step: "read", assistantId: "a1" } },
  {
    name: "key of another account",
    actual: unknown,
    applied: { ...inStep, keyFingerprint: "key-b" },
    plan: {
      step: "read_and_search",
      assistantId: "a1",
      since: "2026-10-31T23:55:00.000Z",
      page: 1_000,
    },
  },
  {
    name: "an assistant by no key that is known",
    actual: unknown,
    applied: { ...inStep, keyFingerprint: null },
    plan: { step: "read", assistantId: "a1" },
  },
  {
    name: "never tried: nothing to look for",
    actual: unknown,
    applied: never,
    plan: { step: "create", body: desired.body },
  },
  {
    name: "a create whose outcome is unknown",
    actual: unknown,
    applied: { ...never, createIntendedAt: "2026-11-20T10:00:00Z" },
    plan: { step: "search", since: "2026-11-20T09:55:00.000Z", page: 100 },
  },
  {
    name: "an assistant that was lost, in an account known by its key",
    actual: unknown,
    applied: { ...never, keyFingerprint: "key-a" },
    plan: { step: "search", since: "2026-10-31T23:55:00.000Z", page: 1_000 },
  },
  {
    name: "assistant deleted at Vapi, or of another account",
    actual: missing,
    applied,
    plan: { step: "search", since: "2026-10-31T23:55:00.000Z", page: 1_000 },
  },
  {
    name: "none of ours on the page",
    actual: {
      seen: "searched",
      page: [
        assistant({ metadata: { org_id: "other", agent_id: "agent" } }),
        assistant({ metadata: { org_id: "org", agent_id: "other" } }),
        assistant({ metadata: undefined }),
      ],
    },
    applied,
    plan: { step: "create", body: desired.body },
  },
  {
    name: "the oldest of ours",
    actual: {
      seen: "searched",
      page: [
        assistant({ id: "a3", createdAt: "2026-11-03T00:00:00Z" }),
        assistant({ id: "a2" }),
      ],
    },
    applied,
    plan: { step: "adopt", assistant: assistant({ id: "a2" }) },
  },
  {
    name: "already as it should be",
    actual: found(),
    applied,
    plan: { step: "done", assistantId: "a1", paths: [] },
  },
  {
    name: "prompt only: the whole model",
    actual: found({ model: { ...model, ...older, temperature: 1 } }),
    applied,
    plan: {
      step: "update",
      assistantId: "a1",
      body: { model } as never,
      paths: ["model.messages.0.content"],
    },
  },
  {
    name: "voice only",
    actual: found({ voice: { provider: "vapi", voiceId: "Kylie" } }),
    applied,
    plan: {
      step: "update",
      assistantId: "a1",
      body: { voice: desired.body.voice as never },
      paths: ["voice.voiceId"],
    },
  },
  {
    name: "tool ids added at Vapi by someone else: nothing to do",
    actual: found({ model: { ...model, toolIds: ["theirs"] } }),
    applied,
    plan: { step: "done", assistantId: "a1", paths: [] },
  },
  {
    name: "tool ids added at Vapi by someone else, and another prompt: kept",
    actual: found({
      model: { ...model, ...older, toolIds: ["theirs"], tools: [{ type: "dtmf" }] },
    }),
    applied,
    plan: {
      step: "update",
      assistantId: "a1",
      body: { model: { ...model, toolIds: ["theirs"], tools: [{ type: "dtmf" }] } } as never,
      paths: ["model.messages.0.content"],
    },
  },
  {
    name: "hidden headers that may be older ones",
    actual: found({ server: { url: "https://u" } }),
    applied,
    plan: {
      step: "update",
      assistantId: "a1",
      body: { server: desired.body.server as never },
      paths: ["server.headers"],
    },
  },
  {
    name: "hidden headers that are known to be these",
    actual: found({ server: { url: "https://u" } }),
    applied: inStep,
    force: true,
    plan: { step: "done", assistantId: "a1", paths: [] },
  },
  {
    name: "edited at Vapi",
    actual: found({ name: "Edited" }),
    applied: inStep,
    force: true,
    plan: {
      step: "update",
      assistantId: "a1",
      body: { name: "Reception" },
      paths: ["name"],
    },
  },
  {
    name: "written",
    actual: { seen: "written", assistantId: "a9" },
    applied,
    plan: { step: "verify", assistantId: "a9" },
  },
  {
    name: "read back as written",
    actual: { seen: "read_back", assistant: assistant() },
    applied,
    plan: { step: "done", assistantId: "a1", paths: [] },
  },
  {
    name: "read back otherwise",
    actual: { seen: "read_back", assistant: assistant({ name: "Rec" }) },
    applied,
    plan: { step: "done", assistantId: "a1", paths: ["name"] },
  },
];
for (const { name, actual, applied, force = false, plan } of CASES) {
  Deno.test(`planSync: ${name}`, () => {
    assert.deepEqual(planSync(desired, actual, applied, { force }), plan);
  });
}

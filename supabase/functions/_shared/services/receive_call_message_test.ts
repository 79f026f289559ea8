import assert from "node:assert/strict";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import { AppError } from "../errors.ts";
import type { Json } from "../ports.ts";
import type { CallContext, CallMessage, CallStore, WebhookSigner } from "../ports_calls.ts";
import { receiveCallMessage } from "./receive_call_message.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
const signer: WebhookSigner = { kind: "organization", orgId: ORG, secretVersion: 1 };
const call: CallMessage["call"] = {
  id: "call-1",
  assistant_id: null,
  phone_number_id: null,
  dialled_number: null,
  direction: "inbound",
  customer_number: "+250788123456",
  customer_name: null,
};
const context: CallContext = {
  call: {
    id: "row-1",
    vapi_call_id: "call-1",
    direction: "inbound",
    state: "rung",
    contact_id: null,
    phone_number: null,
  },
  agent: {
    id: "agent-1",
    role: "inbound",
    state: "active",
    activation_mode: "full",
    vapi_assistant_id: "assistant-1",
  },
  settings: {
    business_hours: {},
    time_zone: "UTC",
    language: "en",
    fallback_text: "Later.",
    transfer_number: "+250788000009",
    test_numbers: [],
    enabled_tools: [],
    phone_knowledge_mode: "query_tool",
  },
  flags: {},
  whatsapp_connected: false,
  stored_results: [],
  questions: [],
  preferences: null,
};
const base = { call, occurred_at: null };
const request: CallMessage = { ...base, kind: "assistant-request", type: "assistant-request" };
const status: CallMessage = {
  ...base,
  kind: "status-update",
  type: "status-update",
  status: "in-progress",
  ended_reason: null,
};
const tools: CallMessage = {
  ...base,
  kind: "tool-calls",
  type: "tool-calls",
  tool_calls: [
    { id: "t1", name: "take_message", arguments: { message: "Hi" } },
    { id: null, name: "take_message", arguments: { message: "Hi" } },
  ],
};
const transfer: CallMessage = {
  ...base,
  kind: "transfer-destination-request",
  type: "transfer-destination-request",
};
const unavailable = () =>
  new AppError("unavailable", "Cannot call: no answer", { retryAfterSeconds: 5 });

function receive(
  message: CallMessage,
  { agentsEnabled = true, signedBy = signer, body = "{}", copy = {}, ...overrides }:
    & Partial<CallStore>
    & {
      agentsEnabled?: boolean;
      body?: string;
      copy?: Json;
      signedBy?: WebhookSigner;
    } = {},
) {
  const lines: Parameters<typeof createMemoryLogger>[0] = [];
  const calls: CallStore = {
    ingest: () => Promise.resolve({ code: "ingested", org_id: ORG, context }),
    recordToolCalls: ({ tool_calls }) =>
      Promise.resolve({
        code: "recorded",
        results: tool_calls.map(({ tool_call_id, tool, result, error }) => ({
          tool_call_id,
          tool,
          result,
          error,
          replayed: false,
        })),
      }),
    recordFailedEvent: () =>
      Promise.resolve({ code: "recorded", attempts: 1, dead_lettered: false }),
    recordUnreadable: () => Promise.resolve(),
    ...overrides,
  };
  const answer = receiveCallMessage({
    calls,
    clock: () => Date.UTC(2026, 10, 20, 9),
    logger: createMemoryLogger(lines),
    agentsEnabled,
    searchKnowledge: () => Promise.resolve({ mode: "text", hits: [] }),
    agentData: { readAgentData: () => Promise.resolve([]) },
    connectivity: { confirmed: false },
  }, {
    message,
    signer: signedBy,
    requestId: "r1",
    rawBody: new TextEncoder().encode(body),
    copyBody: () => copy,
  });
  return { answer, lines };
}

const codeOf = (code: string) => (error: unknown) =>
  error instanceof AppError && error.code === code;

Deno.test("a question is answered whatever the database does", async (test) => {
  const failures: [string, CallStore["ingest"]][] = [
    ["it doesn't answer", () => Promise.reject(unavailable())],
    ["it refuses", () => Promise.reject(new AppError("internal", "Cannot call: refused"))],
    ["something unforeseen", () => Promise.reject(new TypeError("undefined is not a function"))],
    ["nobody's number", () => Promise.resolve({ code: "organization_unknown" })],
    ["another's call", () => Promise.resolve({ code: "foreign_call", org_id: ORG })],
  ];
  for (const [name, ingest] of failures) {
    await test.step(name, async () => {
      const spoken = await receive(request, { ingest }).answer;
      assert.equal(spoken.kind, "spoken");
      const results = await receive(tools, { ingest }).answer;
      assert.ok(results.kind === "tool-results");
      assert.deepEqual(results.results.map(({ error }) => error !== null), [true, true]);
      assert.equal((await receive(transfer, { ingest }).answer).kind, "transfer-refused");
    });
  }
});

Deno.test("a secret that was replaced is refused, for questions too", async () => {
  const ingest: CallStore["ingest"] = () =>
    Promise.resolve({ code: "secret_superseded", org_id: ORG });
  for (const message of [request, status, tools, transfer]) {
    await assert.rejects(receive(message, { ingest }).answer, codeOf("unauthenticated"));
  }
});

Deno.test("silenced agents take no call and run no tool, but the call is stored", async () => {
  let stored = 0;
  const ingest: CallStore["ingest"] = () => {
    stored++;
    return Promise.resolve({ code: "ingested", org_id: ORG, context });
  };
  const recordToolCalls = () => Promise.reject(new Error("a tool was run"));
  const silenced = { agentsEnabled: false, ingest, recordToolCalls };
  assert.deepEqual(await receive(request, silenced).answer, { kind: "spoken", text: "Later." });
  const results = await receive(tools, silenced).answer;
  assert.ok(results.kind === "tool-results" && results.results.every(({ error }) => error));
  assert.deepEqual(await receive(status, silenced).answer, { kind: "acknowledged" });
  assert.equal(stored, 3);
});

Deno.test("what only informs is refused until it is stored", async (test) => {
  await test.step("no answer: 503, and nothing counts as failed", async () => {
    const { answer, lines } = receive(status, {
      ingest: () => Promise.reject(unavailable()),
      recordFailedEvent: () => Promise.reject(new Error("counted")),
    });
    await assert.rejects(answer, codeOf("unavailable"));
    assert.ok(lines.some(({ message }) => message === "Error checking idempotency"));
  });
  await test.step("refused: 503 and counted, until it is a dead letter", async () => {
    const refuse = () => Promise.reject(new AppError("internal", "Cannot call: refused"));
    const counted = receive(status, { ingest: refuse });
    await assert.rejects(counted.answer, codeOf("unavailable"));
    const dead = receive(status, {
      ingest: refuse,
      recordFailedEvent: () =>
        Promise.resolve({ code: "recorded", attempts: 5, dead_lettered: true }),
    });
    assert.deepEqual(await dead.answer, { kind: "acknowledged" });
    const line = dead.lines.find(({ message }) => message === "Failed to mark event as processed");
    assert.equal(line?.level, "CRITICAL");
  });
  await test.step("what is kept: the body, or its text where a row can't have it", async () => {
    const kept: unknown[] = [];
    const recordFailedEvent: CallStore["recordFailedEvent"] = ({ payload }) => {
      kept.push(payload);
      return Promise.resolve({ code: "recorded", attempts: 5, dead_lettered: true });
    };
    const ingest = () => Promise.reject(new AppError("internal", "Cannot call: refused"));
    for (const copy of [{ a: "é" }, null]) {
      await receive(status, { ingest, recordFailedEvent, body: '{"a":"é"}', copy }).answer;
    }
    assert.deepEqual(kept, [{ body: { a: "é" } }, { text: '{"a":"é"}' }]);
  });
  await test.step("nobody's: kept whole and acknowledged", async () => {
    const kept: unknown[] = [];
    const { answer } = receive(status, {
      signedBy: { kind: "account" },
      ingest: () => Promise.resolve({ code: "organization_unknown" }),
      recordUnreadable: (input) => Promise.resolve(void kept.push(input.reason)),
    });
    assert.deepEqual(await answer, { kind: "acknowledged" });
    assert.deepEqual(kept, ["organization_unknown"]);
  });
});

Deno.test("tool calls answered before are answered from what was stored", async () => {
  const stored = { tool_call_id: "t1", tool: "take_message", result: "{}", error: null };
  const { answer } = receive(tools, {
    ingest: () =>
      Promise.resolve({
        code: "ingested",
        org_id: ORG,
        context: { ...context, stored_results: [stored] },
      }),
    recordToolCalls: () => Promise.reject(new Error("done again")),
  });
  const results = await answer;
  assert.ok(results.kind === "tool-results");
  assert.deepEqual(results.results[0], stored);
});

Deno.test("the database's answer after silence is said once", async () => {
  const { answer, lines } = receive(status);
  await answer;
  assert.ok(lines.some(({ message }) => message === "Database connectivity confirmed"));
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  createCallTenant,
  describeCall,
  newCallId,
  sendBody,
  sendMessage,
  untilTaken,
} from "./support.ts";

const tenant = await createCallTenant();
/** For what is never answered, not for a busy machine. */
const LIMIT_MILLISECONDS = 60_000;

const TYPES = [
  "assistant-request",
  "tool-calls",
  "transfer-destination-request",
  "handoff-destination-request",
  "knowledge-base-request",
  "status-update",
  "end-of-call-report",
  "hang",
  "transfer-update",
  "call.started",
  "call.ended",
  "something-else",
];
const KEYS = [
  "type",
  "call",
  "id",
  "status",
  "timestamp",
  "customer",
  "number",
  "artifact",
  "analysis",
  "toolCallList",
  "toolWithToolCallList",
  "toolCall",
  "function",
  "name",
  "arguments",
  "parameters",
  "messages",
  "role",
  "content",
  "recording",
  "recordingUrl",
  "durationSeconds",
  "cost",
  "costBreakdown",
  "structuredData",
  "endedAt",
  "startedAt",
  "endedReason",
  "transcript",
  "summary",
  "successEvaluation",
  "destination",
  "phoneNumber",
  "phoneNumberId",
  "assistantId",
];
const { tree } = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom(...TYPES, "ended", "in-progress", "user", "\u0000", "\ud83d", "+250788123456"),
    fc.constantFrom("take_message", "get_business_hours", "https://storage.vapi.ai/a.wav"),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.double({ noNaN: true }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
  ),
  tree: fc.oneof(
    { maxDepth: 4 },
    tie("leaf"),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("tree"), { maxKeys: 8 }),
  ),
}));
const message = fc.tuple(
  fc.constantFrom(...TYPES),
  fc.constantFrom("inboundPhoneCall", "outboundPhoneCall", "webCall", "pigeon"),
  fc.dictionary(fc.constantFrom(...KEYS.slice(2)), tree, { maxKeys: 12 }),
);

Deno.test("whatever a signed message holds, the answer is never a 500", async () => {
  await fc.assert(
    fc.asyncProperty(message, async ([type, direction, fields]) => {
      const known = describeCall(newCallId(), { direction });
      const answer = await untilTaken(() => sendMessage(tenant, { ...known, ...fields, type }));
      assert.equal(answer.status, 200, answer.text);
      if (type === "tool-calls") assert.ok(Array.isArray(answer.body.results));
    }),
    { numRuns: 400, timeout: LIMIT_MILLISECONDS },
  );
});

Deno.test("whatever a signed body is, the answer is never a 500", async () => {
  const headers = { "x-vapi-secret": tenant.secret };
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        tree.map((body) => JSON.stringify(body)),
        fc.string({ unit: "binary" }),
        fc.uint8Array({ maxLength: 200 }),
      ),
      async (body) => {
        const answer = await untilTaken(() => sendBody(body, { headers }));
        assert.equal(answer.status, 200, answer.text);
      },
    ),
    { numRuns: 200, timeout: LIMIT_MILLISECONDS },
  );
});

Deno.test("whatever headers an unsigned body has, it is refused", async () => {
  const names = [
    "x-vapi-secret",
    "x-vapi-signature",
    "x-signature",
    "x-timestamp",
    "authorization",
  ];
  const value = fc.string({ unit: fc.constantFrom(..."v1.abc0=:-_/+ ABC"), maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...names), value),
      async (headers) => {
        const body = JSON.stringify({ message: { type: "hang" } });
        const answer = await sendBody(body, { headers });
        assert.equal(answer.status, 401, answer.text);
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("a message that is nested deep is taken without what no row can hold", async () => {
  const deep = JSON.parse("[".repeat(2_000) + "]".repeat(2_000));
  const id = newCallId();
  for (
    const extra of [
      {
        type: "end-of-call-report",
        costBreakdown: { deep },
        analysis: { structuredData: { deep } },
      },
      {
        type: "tool-calls",
        toolCallList: [{ id: "t1", name: "take_message", arguments: { deep } }],
      },
      { type: "something-else", deep },
    ]
  ) {
    const answer = await sendMessage(tenant, { ...describeCall(id), ...extra });
    assert.equal(answer.status, 200, answer.text);
  }
});

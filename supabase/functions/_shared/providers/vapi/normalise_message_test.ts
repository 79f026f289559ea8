import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { CallMessage, ToolCallAsked } from "../../ports_calls.ts";
import { normaliseMessage } from "./normalise_message.ts";

const CALL = {
  id: "019a0000-1111-7000-8000-000000000001",
  orgId: "their-org",
  type: "inboundPhoneCall",
  status: "queued",
  phoneNumberId: "phone-1",
  assistantId: "assistant-1",
  customer: { number: "+250788123456" },
};
const IDENTITY = {
  id: CALL.id,
  assistant_id: "assistant-1",
  phone_number_id: "phone-1",
  dialled_number: null,
  direction: "inbound",
  customer_number: "+250788123456",
  customer_name: null,
};

function read(message: Record<string, unknown>): CallMessage {
  return normaliseMessage({ message: { call: CALL, ...message } });
}

Deno.test("what kind of message it is", async (test) => {
  const cases: [string, unknown, CallMessage["kind"], string][] = [
    ["today's shape", { message: { type: "hang" } }, "hang", "hang"],
    ["the older shape", { type: "hang" }, "hang", "hang"],
    ["an older start", { type: "call.started", call: CALL }, "status-update", "call.started"],
    ["an older end", { type: "call.ended", call: CALL }, "end-of-call-report", "call.ended"],
    [
      "an older end, wrapped",
      { message: { type: "call.ended" } },
      "end-of-call-report",
      "call.ended",
    ],
    [
      "a status",
      { message: { type: "status-update", status: "ringing" } },
      "status-update",
      "status-update",
    ],
    [
      "a status of next year",
      { message: { type: "status-update", status: "paused" } },
      "other",
      "status-update",
    ],
    ["a type of next year", { message: { type: "call.teleported" } }, "other", "call.teleported"],
    ["a name of the language", { message: { type: "constructor" } }, "other", "constructor"],
    [
      "a type with a filter",
      { message: { type: 'transcript[transcriptType="final"]' } },
      "other",
      'transcript[transcriptType="final"]',
    ],
    ["no type", { message: {} }, "other", "unknown"],
    ["a number for a type", { message: { type: 7 } }, "other", "unknown"],
    ["an empty message", { message: null, type: "hang" }, "other", "unknown"],
    ["nothing", null, "other", "unknown"],
    ["a list", [{ type: "hang" }], "other", "unknown"],
    ["text", "hang", "other", "unknown"],
  ];
  for (const [name, body, kind, type] of cases) {
    await test.step(name, () => {
      const message = normaliseMessage(body);
      assert.equal(message.kind, kind);
      assert.equal(message.type, type);
    });
  }
});

Deno.test("whose call it is: the message's own level is believed first", async (test) => {
  const cases: [string, Record<string, unknown>, Partial<typeof IDENTITY> | null][] = [
    ["from the call", {}, {}],
    ["the customer", { customer: { number: "+16505551234" } }, { customer_number: "+16505551234" }],
    ["the number", { phoneNumber: { id: "phone-2" } }, { phone_number_id: "phone-2" }],
    ["no call", { call: undefined }, null],
    ["no id", { call: { type: "inboundPhoneCall" } }, null],
    ["an id that is too long", { call: { id: "x".repeat(257) } }, null],
    ["an id with a null character", { call: { id: "a\u0000b" } }, null],
    ["an id that isn't text", { call: { id: { a: 1 } } }, null],
    ["a withheld caller", { call: { ...CALL, customer: { number: "anonymous" } } }, {
      customer_number: null as unknown as string,
    }],
    ["a web call", { call: { ...CALL, type: "webCall" } }, { direction: "web" }],
    ["an unknown direction", { call: { ...CALL, type: "pigeon" } }, {
      direction: null as unknown as string,
    }],
  ];
  for (const [name, message, expected] of cases) {
    await test.step(name, () => {
      const { call } = read({ type: "hang", ...message });
      assert.deepEqual(call, expected && { ...IDENTITY, ...expected });
    });
  }
});

Deno.test("a status and when it was", async (test) => {
  const noon = "2026-11-20T12:00:00.000Z";
  const cases: [string, unknown, string | null][] = [
    ["milliseconds", Date.parse(noon), noon],
    ["seconds", Date.parse(noon) / 1000, noon],
    ["ISO", noon, noon],
    ["digits as text", String(Date.parse(noon)), noon],
    ["another zone", "2026-11-20T14:00:00+02:00", noon],
    ["the year 1970", 0, null],
    ["the year 5000", 95617584000000, null],
    ["no time", "soon", null],
    ["nothing", undefined, null],
  ];
  for (const [name, timestamp, expected] of cases) {
    await test.step(name, () => {
      const message = read({ type: "status-update", status: "in-progress", timestamp });
      assert.equal(message.occurred_at, expected);
    });
  }
  await test.step("an ended reason only when it ended", () => {
    const ended = read({ type: "status-update", status: "ended", endedReason: "voicemail" });
    assert.equal(ended.kind === "status-update" && ended.ended_reason, "voicemail");
    const ringing = read({ type: "status-update", status: "ringing", endedReason: "voicemail" });
    assert.equal(ringing.kind === "status-update" && ringing.ended_reason, null);
  });
  await test.step("a call that can't be found is over", () => {
    const message = read({ type: "status-update", status: "not-found" });
    assert.equal(message.kind === "status-update" && message.status, "ended");
  });
});

Deno.test("tool calls in each of their shapes", async (test) => {
  const asked: ToolCallAsked = { id: "t1", name: "take_message", arguments: { message: "Hi" } };
  const given = { message: "Hi" };
  const cases: [string, unknown, ToolCallAsked[]][] = [
    [
      "function with an object",
      { id: "t1", type: "function", function: { name: "take_message", arguments: given } },
      [asked],
    ],
    [
      "function with text",
      {
        id: "t1",
        type: "function",
        function: { name: "take_message", arguments: JSON.stringify(given) },
      },
      [asked],
    ],
    ["name and parameters", { id: "t1", name: "take_message", parameters: given }, [asked]],
    ["name and arguments", { id: "t1", name: "take_message", arguments: given }, [asked]],
    ["no arguments", { id: "t1", name: "take_message" }, [{ ...asked, arguments: {} }]],
    [
      "text that isn't JSON",
      { id: "t1", name: "take_message", arguments: "{message" },
      [{ ...asked, arguments: null }],
    ],
    [
      "a list for arguments",
      { id: "t1", name: "take_message", arguments: [1] },
      [{ ...asked, arguments: null }],
    ],
    ["no id", { name: "take_message", arguments: given }, [{ ...asked, id: null }]],
    ["no name", { id: "t1" }, [{ id: "t1", name: "unnamed", arguments: {} }]],
    ["nothing", null, [{ id: null, name: "unnamed", arguments: {} }]],
  ];
  for (const [name, call, expected] of cases) {
    await test.step(name, () => {
      for (const list of ["toolCallList", "toolCalls"]) {
        const message = read({ type: "tool-calls", [list]: [call] });
        assert.deepEqual(message.kind === "tool-calls" && message.tool_calls, expected);
      }
    });
  }
  await test.step("repeated with their tools, each is taken once", () => {
    const call = {
      id: "t1",
      type: "function",
      function: { name: "take_message", arguments: given },
    };
    const message = read({
      type: "tool-calls",
      toolCallList: [call],
      toolWithToolCallList: [
        { type: "function", function: { name: "take_message" }, toolCall: call },
        { name: "get_business_hours", toolCall: { id: "t2", parameters: {} } },
      ],
    });
    assert.deepEqual(message.kind === "tool-calls" && message.tool_calls, [
      asked,
      { id: "t2", name: "get_business_hours", arguments: {} },
    ]);
  });
  await test.step("what jsonb refuses is replaced, what only looks like it is not", () => {
    const message = read({
      type: "tool-calls",
      toolCallList: [{
        id: "t1",
        name: "x",
        arguments: { a: "\u0000\ud800", "k\u0000": "\\u0000" },
      }],
    });
    assert.deepEqual(
      message.kind === "tool-calls" && message.tool_calls[0]?.arguments,
      { a: "\ufffd\ufffd", "k\ufffd": "\\u0000" },
    );
  });
});

Deno.test("a report: what its level says is believed before artifact, analysis and call", () => {
  const message = read({
    type: "end-of-call-report",
    timestamp: "2026-11-20T12:05:00.000Z",
    endedReason: "customer-ended-call",
    startedAt: "2026-11-20T12:00:00.000Z",
    endedAt: "2026-11-20T12:01:01.000Z",
    cost: 0.25,
    costBreakdown: { total: 0.25, llm: 0.1 },
    analysis: { summary: "They asked.", successEvaluation: true, structuredData: { a: 1 } },
    artifact: {
      transcript: "AI: Hello\nUser: Hi",
      recordingUrl: "https://storage.vapi.ai/a.wav",
      recording: { mono: { combinedUrl: "https://storage.vapi.ai/b.wav" } },
    },
    call: {
      ...CALL,
      endedReason: "stale",
      cost: 9,
      analysis: { summary: "stale" },
      artifact: { transcript: "stale" },
    },
  });
  assert.equal(message.kind, "end-of-call-report");
  assert.deepEqual(message.kind === "end-of-call-report" && message.report, {
    ended_reason: "customer-ended-call",
    started_at: "2026-11-20T12:00:00.000Z",
    ended_at: "2026-11-20T12:01:01.000Z",
    duration_seconds: 61,
    cost: 0.25,
    cost_breakdown: { total: 0.25, llm: 0.1 },
    summary: "They asked.",
    success_evaluation: "true",
    structured_data: { a: 1 },
    transcript: "AI: Hello\nUser: Hi",
    recording_url: "https://storage.vapi.ai/a.wav",
  });
  assert.equal(message.kind === "end-of-call-report" && message.authority, 2);
});

Deno.test("a report's parts, wherever they are", async (test) => {
  const cases: [string, Record<string, unknown>, string, unknown][] = [
    ["seconds win", { durationSeconds: 12.6, durationMs: 99_000 }, "duration_seconds", 13],
    ["milliseconds", { durationMs: 61_400 }, "duration_seconds", 61],
    ["of the call", { call: { ...CALL, duration: 30 } }, "duration_seconds", 30],
    ["a negative length", { durationSeconds: -1 }, "duration_seconds", null],
    ["a negative cost", { cost: -1 }, "cost", null],
    ["a cost as text", { cost: "0.5" }, "cost", 0.5],
    ["more than a column's cost", { cost: 1_000_000 }, "cost", null],
    ["that is reached by rounding", { cost: 999_999.9999999 }, "cost", null],
    ["the highest cost", { cost: 999_999.999999 }, "cost", 999_999.999999],
    [
      "a long transcript",
      { transcript: "x".repeat(1_000_001) },
      "transcript",
      "x".repeat(1_000_000),
    ],
    [
      "turns only",
      {
        messages: [{ role: "system", message: "secret" }, { role: "bot", message: "Hello" }, {
          role: "user",
          content: "Hi",
        }],
      },
      "transcript",
      "AI: Hello\nUser: Hi",
    ],
    [
      "mono before stereo",
      {
        artifact: {
          stereoRecordingUrl: "https://x.test/s",
          recording: { mono: { combinedUrl: "https://x.test/m" } },
        },
      },
      "recording_url",
      "https://x.test/m",
    ],
    ["no address", { recordingUrl: "javascript:alert(1)" }, "recording_url", null],
    [
      "an address that is longer escaped",
      {
        recordingUrl: `https://x.test/${"é".repeat(3_000)}`,
        stereoRecordingUrl: "https://x.test/s",
      },
      "recording_url",
      "https://x.test/s",
    ],
    ["a rubric's word", { analysis: { successEvaluation: "Good" } }, "success_evaluation", "Good"],
    ["a rubric's number", { analysis: { successEvaluation: 7 } }, "success_evaluation", "7"],
  ];
  for (const [name, extra, field, expected] of cases) {
    await test.step(name, () => {
      const message = read({ type: "end-of-call-report", ...extra });
      assert.ok(message.kind === "end-of-call-report");
      assert.equal((message.report as Record<string, unknown>)[field], expected);
    });
  }
});

Deno.test("whatever comes, it is a message of ours that a row can hold", () => {
  const anything = fc.anything(
    { withBigInt: false, maxDepth: 5, withUnicodeString: true } as never,
  );
  const keys = [
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
    "toolCalls",
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
    "mono",
    "combinedUrl",
    "recordingUrl",
    "durationSeconds",
    "cost",
    "costBreakdown",
    "endedAt",
    "startedAt",
    "endedReason",
    "transcript",
    "summary",
    "destination",
    "phoneNumber",
    "message",
  ];
  const types = [
    "assistant-request",
    "tool-calls",
    "transfer-destination-request",
    "knowledge-base-request",
    "status-update",
    "end-of-call-report",
    "hang",
    "transfer-update",
    "call.started",
    "call.ended",
  ];
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.constantFrom(
        ...types,
        "ended",
        "in-progress",
        "user",
        "\u0000",
        "\ud83d",
        "+250788123456",
      ),
      fc.string({ unit: "binary" }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    ),
    tree: fc.oneof(
      { maxDepth: 5 },
      tie("leaf"),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys), tie("tree"), { maxKeys: 8 }),
    ),
  }));
  const typed = fc.tuple(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...keys), tree))
    .map(([type, rest]) => ({ message: { ...rest, type } }));
  fc.assert(
    fc.property(fc.oneof(anything, tree, typed), (body) => {
      const message = normaliseMessage(body);
      const text = JSON.stringify(message);
      assert.ok(!/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i.test(text), text);
      assert.ok(message.type.length >= 1 && message.type.length <= 100);
      assert.ok(message.call === null || message.call.id.length <= 256);
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("nesting that no row can hold is left out", async (test) => {
  const nest = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
  for (const [levels, kept] of [[90, true], [101, false], [5_000, false]] as const) {
    await test.step(`${levels} levels`, () => {
      const message = read({ type: "end-of-call-report", costBreakdown: { nest: nest(levels) } });
      assert.ok(message.kind === "end-of-call-report");
      assert.equal(message.report.cost_breakdown !== null, kept);
    });
  }
});

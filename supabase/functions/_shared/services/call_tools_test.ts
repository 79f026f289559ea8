import assert from "node:assert/strict";
import { createMemoryLogger } from "../../../../tests/in_memory/create_memory_logger.ts";
import type { JsonObject } from "../ports.ts";
import type { EffectRefusal, Read, ReadResult } from "../ports_agents.ts";
import type { AskedQuestion, CallContext, RecordToolCallsInput } from "../ports_calls.ts";
import { callTools } from "./call_tools.ts";

const ORG = "11111111-1111-4111-8111-111111111111";
/** A Monday, 10:00 UTC. */
const NOW = Date.UTC(2026, 10, 23, 10);
const office = ["08:00-17:00"];
const context: CallContext = {
  call: {
    id: "row-1",
    vapi_call_id: "call-1",
    direction: "inbound",
    state: "answered",
    contact_id: "contact-1",
    phone_number: "+250788123456",
  },
  agent: null,
  settings: {
    business_hours: { monday: office, tuesday: office },
    time_zone: "UTC",
    language: "en",
    fallback_text: "Later.",
    transfer_number: null,
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
const slot = { date: "2026-11-23", time: "14:00" };
const taken: ReadResult = {
  kind: "bookings",
  bookings: [{
    id: "b",
    resource: "appointments",
    starts_at: "2026-11-23T14:00:00Z",
    minutes: 30,
    state: "booked",
    is_own: false,
  }],
};
const free: ReadResult = { kind: "bookings", bookings: [] };
const LISTING = "00000000-0000-4000-8000-0000000000aa";

type World = {
  tool: string;
  given: JsonObject;
  /** What is read in each round; the last one ever after. */
  reads: ReadResult[][];
  /** What the database refuses in each round; then nothing. */
  refusals: EffectRefusal["code"][];
};

async function call({ tool, given, reads, refusals }: World) {
  const questions: AskedQuestion[] = [{ tool_call_id: "q1", tool, arguments: given }];
  const rounds: RecordToolCallsInput["tool_calls"][] = [];
  let read = 0;
  const answer = await callTools({
    calls: {
      ingest: () =>
        Promise.resolve({ code: "ingested", org_id: ORG, context: { ...context, questions } }),
      recordToolCalls({ tool_calls }) {
        rounds.push(tool_calls);
        const code = tool_calls[0]!.effects.length > 0 ? refusals[rounds.length - 1] : undefined;
        return Promise.resolve({
          code: "recorded",
          results: tool_calls.map(({ tool_call_id, tool, result, error }) => ({
            tool_call_id,
            tool,
            ...(code === undefined
              ? { result, error }
              : { result: null, error: "No.", refusals: [{ place: 0, code }] }),
            replayed: false,
          })),
        });
      },
      recordFailedEvent: () => Promise.reject(new Error("nothing fails")),
      recordUnreadable: () => Promise.reject(new Error("nothing is unreadable")),
    },
    clock: () => NOW,
    logger: createMemoryLogger([]),
    agentsEnabled: true,
    connectivity: { confirmed: true },
    searchKnowledge: () => Promise.resolve({ mode: "text", hits: [] }),
    agentData: {
      readAgentData: ({ reads: asked }: { reads: Read[] }) => {
        const results = asked.length === 0 ? [] : reads[Math.min(read, reads.length - 1)]!;
        read += 1;
        return Promise.resolve(results as Exclude<ReadResult, { kind: "knowledge" }>[]);
      },
    },
  }, {
    message: {
      kind: "tool-calls",
      type: "tool-calls",
      call: null,
      occurred_at: null,
      tool_calls: [{ id: "t1", name: tool, arguments: { ...given, confirmed: true } }],
    },
    signer: { kind: "organization", orgId: ORG, secretVersion: 1 },
    requestId: "r1",
  });
  assert.ok(answer.kind === "tool-results");
  return { said: answer.results[0]?.result ?? answer.results[0]?.error ?? "", rounds };
}

Deno.test("what the database refuses is decided anew, and the caller hears what is so now", async (test) => {
  const book = { tool: "book_appointment", given: slot };
  const apply = {
    tool: "apply_to_listing",
    given: { listing_id: LISTING, kind: "application" },
    reads: [[{ kind: "listing", listing: null }]] as ReadResult[][],
  };
  const cases: [string, World, RegExp, number][] = [
    ["nothing is refused", { ...book, reads: [[free]], refusals: [] }, /"booked"/, 1],
    [
      "a time that was taken meanwhile",
      { ...book, reads: [[free], [taken]], refusals: ["taken"] },
      /"reason":"taken".*"free":\[\{"date":"2026-11-23","time":"14:30"\}/,
      2,
    ],
    [
      "taken, and free again",
      { ...book, reads: [[free]], refusals: ["taken"] },
      /"booked"/,
      2,
    ],
    [
      "taken again and again",
      { ...book, reads: [[free]], refusals: ["taken", "taken", "taken"] },
      /"refused":"taken"/,
      3,
    ],
    ["a limit", { ...book, reads: [[free]], refusals: ["limit"] }, /limit for today/, 2],
    [
      "a yes that was taken before",
      { ...book, reads: [[free]], refusals: ["unconfirmed"] },
      /Nothing is done yet/,
      2,
    ],
    ["what its reads see is never written", { ...apply, refusals: [] }, /./, 1],
  ];
  for (const [name, world, said, rounds] of cases) {
    await test.step(name, async () => {
      const done = await call(world);
      assert.match(done.said, said);
      assert.equal(done.rounds.length, rounds);
      assert.ok(!done.said.includes("\n"));
    });
  }
});

Deno.test("the yes that a write hangs on is named with it", async () => {
  const { rounds } = await call({
    tool: "book_appointment",
    given: slot,
    reads: [[free]],
    refusals: [],
  });
  assert.deepEqual(rounds[0]?.[0]?.confirms, ["q1"]);
});

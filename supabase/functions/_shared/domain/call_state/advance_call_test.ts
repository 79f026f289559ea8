import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { CallMessage, CallReport, CallStatus } from "../../ports_calls.ts";
import { addContent, advanceCall, type CallPicture, UNHEARD_OF } from "./advance_call.ts";
import { CALL_STATES } from "./call_states.ts";
import { describeEffect } from "./describe_effect.ts";

const time = fc.integer({ min: 0, max: 3600 }).map((second) =>
  new Date(Date.UTC(2026, 10, 20, 9) + second * 1000).toISOString()
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const call: CallMessage["call"] = {
  id: "c1",
  assistant_id: null,
  phone_number_id: null,
  dialled_number: null,
  direction: "inbound",
  customer_number: null,
  customer_name: null,
};
const report: fc.Arbitrary<CallReport> = fc.record({
  ended_reason: maybe(
    fc.constantFrom("customer-ended-call", "silence-timed-out", "pipeline-error"),
  ),
  started_at: maybe(time),
  ended_at: maybe(time),
  duration_seconds: maybe(fc.integer({ min: 0, max: 600 })),
  cost: maybe(fc.integer({ min: 0, max: 9 })),
  cost_breakdown: fc.constant(null),
  summary: maybe(fc.constantFrom("short", "long")),
  success_evaluation: maybe(fc.constantFrom("true", "false")),
  structured_data: fc.constant(null),
  transcript: maybe(fc.constantFrom("User: hello", "AI: hello")),
  recording_url: maybe(
    fc.constantFrom("https://storage.vapi.ai/a.wav", "https://storage.vapi.ai/b.wav"),
  ),
});
const statuses: CallStatus[] = [
  "scheduled",
  "queued",
  "ringing",
  "in-progress",
  "forwarding",
  "ended",
];
/** Events as they come from one call: each moment told at most once under each of its names. */
const message: fc.Arbitrary<CallMessage> = time.chain((occurred_at) => {
  const base = { call, occurred_at };
  return fc.oneof(
    fc.constant<CallMessage>({ ...base, kind: "assistant-request", type: "assistant-request" }),
    fc.constant<CallMessage>({ ...base, kind: "hang", type: "hang" }),
    fc.constant<CallMessage>({
      ...base,
      kind: "transfer-update",
      type: "transfer-update",
      forwarded_to: "+250788000009",
    }),
    fc.record({
      status: fc.constantFrom(...statuses),
      ended_reason: maybe(fc.constantFrom("customer-ended-call", "voicemail")),
    }).map((extra): CallMessage => ({
      ...base,
      ...extra,
      kind: "status-update",
      type: "status-update",
    })),
    fc.constant<CallMessage>({
      ...base,
      kind: "status-update",
      type: "call.started",
      status: "in-progress",
      ended_reason: null,
    }),
    report.map((told): CallMessage => ({
      ...base,
      kind: "end-of-call-report",
      type: "end-of-call-report",
      report: told,
      authority: 2,
    })),
    report.map((told): CallMessage => ({
      ...base,
      kind: "end-of-call-report",
      type: "call.ended",
      report: told,
      authority: 1,
    })),
  );
});
const history = fc.uniqueArray(message, {
  selector: (event) => describeEffect(event).event_id,
  maxLength: 12,
});

/** As the database does it: an event whose id is taken does nothing. */
function play(events: CallMessage[]): CallPicture {
  const taken = new Set<string | null>();
  let picture = UNHEARD_OF;
  for (const event of events) {
    const { event_id, change, report } = describeEffect(event);
    if (taken.has(event_id)) continue;
    taken.add(event_id);
    if (change !== null) picture = advanceCall(picture, change);
    if (report !== null) picture = addContent(picture, report.content);
  }
  return picture;
}

Deno.test("any order and any duplication of events end in the same call", () => {
  const delivered = history.chain((events) =>
    fc.tuple(
      fc.constant(events),
      fc.shuffledSubarray([...events, ...events, ...events], {
        minLength: events.length * 3,
        maxLength: events.length * 3,
      }),
    )
  );
  fc.assert(
    fc.property(delivered, ([events, shuffled]) => {
      assert.deepEqual(play(shuffled), play(events));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("a call never moves back", () => {
  fc.assert(
    fc.property(history, (events) => {
      let picture = UNHEARD_OF;
      for (const event of events) {
        const { change } = describeEffect(event);
        if (change === null) continue;
        const next = advanceCall(picture, change);
        const before = picture.state === null ? -1 : CALL_STATES.indexOf(picture.state);
        assert.ok(CALL_STATES.indexOf(next.state!) >= before);
        picture = next;
      }
    }),
  );
});

Deno.test("the end-of-call report has the last word on how a call ended", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), report, (order, told) => {
      const base = { call, occurred_at: "2026-11-20T09:30:00.000Z" };
      const events: CallMessage[] = [
        {
          ...base,
          kind: "status-update",
          type: "status-update",
          status: "ended",
          ended_reason: "aaa",
        },
        { ...base, kind: "end-of-call-report", type: "call.ended", report: told, authority: 1 },
        {
          ...base,
          kind: "end-of-call-report",
          type: "end-of-call-report",
          report: {
            ...told,
            ended_reason: "customer-ended-call",
            duration_seconds: 61,
            summary: "s",
          },
          authority: 2,
        },
      ];
      const picture = play(order.map((place) => events[place]!));
      assert.equal(picture.ended_reason, "customer-ended-call");
      assert.equal(picture.duration_seconds, 61);
      assert.equal(picture.outcome, "completed");
      assert.equal(picture.content.summary, "s");
    }),
  );
});

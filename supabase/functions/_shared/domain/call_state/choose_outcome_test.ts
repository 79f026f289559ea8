import assert from "node:assert/strict";
import type { CallDirection, CallOutcome } from "../../ports_calls.ts";
import { chooseOutcome, wasMissed } from "./choose_outcome.ts";

Deno.test("how a call's end is called, and whether it was missed", async (test) => {
  const cases: [string | null, number | null, CallDirection | null, CallOutcome, boolean][] = [
    ["customer-ended-call", 61, "inbound", "completed", false],
    ["assistant-ended-call", 12, "inbound", "completed", false],
    ["silence-timed-out", 30, "inbound", "completed", false],
    ["exceeded-max-duration", 600, "inbound", "completed", false],
    ["customer-ended-call", 0, "inbound", "missed", true],
    ["customer-ended-call", 0, null, "missed", true],
    ["customer-ended-call", 0, "web", "completed", false],
    ["assistant-request-returned-error", 4, "inbound", "missed", true],
    ["assistant-request-failed", null, "inbound", "missed", true],
    ["assistant-not-found", 1, "inbound", "missed", true],
    ["call.start.error-get-assistant", null, "inbound", "missed", true],
    ["assistant-request-returned-forwarding-phone-number", 3, "inbound", "transferred", false],
    ["assistant-forwarded-call", 40, "inbound", "transferred", false],
    ["voicemail", 5, "outbound", "voicemail", false],
    ["customer-did-not-answer", 0, "outbound", "failed", false],
    ["customer-busy", 0, "outbound", "failed", false],
    ["pipeline-error-openai-voice-failed", 20, "inbound", "failed", false],
    ["call.in-progress.error-vapifault-hume-voice-failed", 20, "inbound", "failed", false],
    ["a-reason-of-next-year", 20, "inbound", "completed", false],
    [null, 20, "inbound", "completed", false],
    [null, null, "inbound", "unknown", false],
  ];
  for (const [ended_reason, duration_seconds, direction, outcome, missed] of cases) {
    await test.step(`${ended_reason}, ${duration_seconds} s, ${direction}`, () => {
      const told = { ended_reason, duration_seconds, direction };
      assert.equal(chooseOutcome(told), outcome);
      assert.equal(wasMissed(told), missed);
    });
  }
});

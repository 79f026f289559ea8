import assert from "node:assert/strict";
import { judgeRefusal } from "../domain/outbox/judge_refusal.ts";
import type { Refusal, SenderRow } from "../ports_messaging.ts";
import { decideRefusals } from "./settle_refusals.ts";

const now = Date.parse("2026-11-20T12:00:00Z");
const inSeconds = (seconds: number) => new Date(now + seconds * 1000).toISOString();

const refusal = (error_code: number | null, more: Partial<Refusal> = {}): Refusal => ({
  org_id: "clinic",
  contact_id: "ann",
  id: "row",
  type: "text",
  attempts: 1,
  wamid: "wamid.out",
  error_code,
  error: "No",
  fingerprint: "fp",
  ...more,
});

function decide(one: Refusal, template_names: SenderRow["settings"]["template_names"] = {}) {
  const settings = {
    language: "fr",
    time_zone: "UTC",
    quiet_hours: {},
    business_hours: {},
    template_names,
    fallback_text: "",
  };
  const senders = { clinic: { org_id: "clinic", settings, whatsapp: null, paused_until: null } };
  const { results: [result], ...rest } = decideRefusals([one], { senders, now });
  const { org_id: _, contact_id: __, id: ___, wamid: ____, ...decided } = result!;
  return { decided, ...rest };
}

Deno.test("what WhatsApp refuses afterwards has the same consequences as what it refuses at once", async (test) => {
  await test.step("a person who can't be reached is never tried again", () => {
    for (const code of [131026, 131021, 100, 132001, 131062]) {
      const { decided, pauses } = decide(refusal(code));
      assert.deepEqual(decided, { outcome: "failed" });
      assert.deepEqual(pauses, []);
    }
  });
  await test.step("too much at once holds the organization back, and the message is sent again", () => {
    const { decided, pauses, failed_integrations } = decide(refusal(130429));
    assert.deepEqual(decided, { outcome: "held", retry_at: inSeconds(15) });
    assert.deepEqual(pauses, [{ org_id: "clinic", seconds: 15, reason: "No" }]);
    assert.deepEqual(failed_integrations, []);
  });
  await test.step("too much for one person backs off, longer each time", () => {
    const waits = [1, 2, 3].map((attempts) =>
      decide(refusal(131056, { attempts })).decided.retry_at
    );
    assert.deepEqual(waits, [6, 12, 18].map(inSeconds));
  });
  await test.step("a bad token marks the integration, unless it was replaced since", () => {
    const { decided, failed_integrations } = decide(refusal(190));
    assert.deepEqual(decided, { outcome: "held", retry_at: inSeconds(300) });
    assert.deepEqual(failed_integrations, [{ org_id: "clinic", fingerprint: "fp", error: "No" }]);
    assert.deepEqual(decide(refusal(190, { fingerprint: null })).failed_integrations, []);
  });
  await test.step("an account that is blocked is told as well", () => {
    assert.equal(decide(refusal(131042)).failed_integrations.length, 1);
  });
  await test.step("a person who refuses our messages has opted out", () => {
    assert.deepEqual(decide(refusal(131050)).opted_out, [{ org_id: "clinic", contact_id: "ann" }]);
  });
  await test.step("a window that is closed takes a template, once, where one is configured", () => {
    const names = { window_closed: "come_back" };
    assert.deepEqual(decide(refusal(131047), names).decided, {
      outcome: "held",
      retry_at: inSeconds(0),
      type: "template",
      content: { name: "come_back", language: "fr" },
    });
    assert.deepEqual(decide(refusal(131047)).decided, { outcome: "failed" });
    assert.deepEqual(decide(refusal(131047, { type: "template" }), names).decided, {
      outcome: "failed",
    });
  });
});

Deno.test("every code is decided by the one table", () => {
  const codes = [
    ...Array.from({ length: 400 }, (_, code) => code),
    ...[80007, 130403, 130429, 130497],
    ...Array.from({ length: 1100 }, (_, index) => 131_000 + index),
  ];
  for (const code of codes) {
    const verdict = judgeRefusal({ code, status: null, retryAfterSeconds: null }, 2);
    const { decided, pauses, opted_out, failed_integrations } = decide(
      refusal(code, { attempts: 2 }),
    );
    const expected = {
      back_off: "retry",
      pause: "held",
      token_bad: "held",
      window_closed: "failed",
      opted_out: "failed",
      recipient_unsupported: "failed",
      never: "failed",
    }[verdict.kind];
    assert.equal(decided.outcome, expected, `${code}`);
    assert.equal(pauses.length, ["pause", "token_bad"].includes(verdict.kind) ? 1 : 0, `${code}`);
    assert.equal(opted_out.length, verdict.kind === "opted_out" ? 1 : 0, `${code}`);
    const isTold = verdict.kind === "token_bad" || (verdict.kind === "pause" && verdict.alert);
    assert.equal(failed_integrations.length, isTold ? 1 : 0, `${code}`);
  }
});

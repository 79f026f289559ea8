import assert from "node:assert/strict";
import * as fc from "fast-check";
import { judgeRefusal, type Verdict } from "./judge_refusal.ts";

const refusal = (code: number | null, status: number | null = 400) => ({
  code,
  status,
  retryAfterSeconds: null,
});

Deno.test("each of WhatsApp's codes has its answer", async (test) => {
  const cases: [string, number[], Verdict["kind"]][] = [
    ["a bad token", [190, 0, 3, 10, 104, 200, 250, 299, 131005], "token_bad"],
    ["too much at once", [4, 80007, 130429, 131048], "pause"],
    ["too much to one person", [131056], "back_off"],
    ["Meta's own trouble", [1, 2, 131000, 131016, 131057], "back_off"],
    ["the window is closed", [131047], "window_closed"],
    ["the person opted out", [131050], "opted_out"],
    ["a BSUID that can't be sent to", [131062], "recipient_unsupported"],
    ["no use in trying again", [
      131026,
      130403,
      131021,
      131051,
      100,
      131008,
      131009,
      132000,
      132999,
    ], "never"],
    ["the account is blocked", [368, 130497, 131031, 131042], "pause"],
    ["unknown codes", [99_999, 131_999, -5], "never"],
  ];
  for (const [name, codes, kind] of cases) {
    await test.step(name, () => {
      for (const code of codes) assert.equal(judgeRefusal(refusal(code), 1).kind, kind, `${code}`);
    });
  }
});

Deno.test("an account that is blocked is told to people, a throughput limit is not", () => {
  assert.deepEqual(judgeRefusal(refusal(131042), 1), { kind: "pause", seconds: 3600, alert: true });
  assert.deepEqual(judgeRefusal(refusal(130429), 1), { kind: "pause", seconds: 15, alert: false });
});

Deno.test("without a code the status decides", () => {
  const cases: [number | null, Verdict["kind"]][] = [
    [401, "token_bad"],
    [403, "token_bad"],
    [404, "never"],
    [429, "back_off"],
    [500, "back_off"],
    [503, "back_off"],
    [null, "back_off"],
  ];
  for (const [status, kind] of cases) {
    assert.equal(judgeRefusal(refusal(null, status), 1).kind, kind, `${status}`);
  }
  assert.equal(judgeRefusal(refusal(99_999, 503), 1).kind, "back_off");
});

Deno.test("the pair rate waits about six seconds more each time", () => {
  assert.deepEqual(judgeRefusal(refusal(131056), 1), { kind: "back_off", seconds: 6 });
  assert.deepEqual(judgeRefusal(refusal(131056), 3), { kind: "back_off", seconds: 18 });
});

Deno.test("waits are never shorter than what was asked for, and grow with attempts", () => {
  fc.assert(fc.property(
    fc.constantFrom(1, 2, 131000, 131056, 130429),
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 0, max: 5000 }),
    (code, attempts, asked) => {
      const verdict = judgeRefusal({ code, status: 400, retryAfterSeconds: asked }, attempts);
      assert.ok("seconds" in verdict && verdict.seconds >= asked);
      const next = judgeRefusal({ code, status: 400, retryAfterSeconds: asked }, attempts + 1);
      assert.ok("seconds" in next && next.seconds >= verdict.seconds);
    },
  ));
});

import assert from "node:assert/strict";
import type { Database } from "../supabase/functions/_shared/providers/supabase/create_database.ts";
import { verify } from "./verify.ts";

function answerWith(answer: unknown, seen: unknown[] = []) {
  const database: Pick<Database, "callFunction"> = {
    callFunction(name, request, shape) {
      seen.push([name, request]);
      return Promise.resolve(shape.parse(answer));
    },
  };
  return () => database;
}

const passing = { check: "indexes", passed: true, figures: {}, missing: [] };
const failing = {
  check: "org_id",
  passed: false,
  figures: { "wrong in calls": 2 },
  missing: ["a_constraint"],
};

Deno.test("every check is a line with its figures, and one that fails fails the release", async () => {
  const seen: unknown[] = [];
  const answer = { code: "verified", passed: false, checks: [passing, failing] };
  const { text, passed } = await verify(["--max-error-rate", "0.01"], {
    openDatabase: answerWith(answer, seen),
  });
  assert.equal(passed, false);
  assert.deepEqual(text.split("\n"), [
    "pass  indexes",
    "FAIL  org_id: wrong in calls 2, missing: a_constraint",
    "1 passed, 1 failed",
  ]);
  assert.deepEqual(seen, [["verify_release", { max_error_rate: 0.01, minimum_turns: 200 }]]);
});

Deno.test("all that pass are a release", async () => {
  const answer = { code: "verified", passed: true, checks: [passing] };
  assert.equal((await verify([], { openDatabase: answerWith(answer) })).passed, true);
});

Deno.test("what is no number is said in one sentence", async () => {
  const openDatabase = answerWith({});
  for (
    const [option, value] of [["max-error-rate", "2"], ["minimum-turns", "0"], [
      "minimum-turns",
      "x",
    ]]
  ) {
    await assert.rejects(verify([`--${option}`, `${value}`], { openDatabase }), {
      message: `Cannot verify: --${option} "${value}" is out of range`,
    });
  }
});

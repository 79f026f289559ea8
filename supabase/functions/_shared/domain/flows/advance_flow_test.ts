import assert from "node:assert/strict";
import { JOBS_FLOWS } from "../agents/jobs/flows.ts";
import { foldText } from "../fold_text.ts";
import { advanceFlow, beginFlow, type FlowMove } from "./advance_flow.ts";
import type { Answer } from "./answer.ts";
import type { Asking } from "./ask_step.ts";

const say = (text: string, more: Partial<Answer> = {}): Answer => ({
  text,
  folded: foldText(text),
  language: "en",
  choice: null,
  location: null,
  now: Date.UTC(2026, 10, 20),
  time_zone: "Africa/Kigali",
  currency: "RWF",
  ...more,
});
const asking = (name: string): Asking => ({ name, flow: JOBS_FLOWS[name]!, language: "en" });

function talk(name: string, ...texts: (string | Answer)[]): FlowMove {
  const [first, ...rest] = texts.map((text) => typeof text === "string" ? say(text) : text);
  let move = beginFlow(asking(name), {}, first!);
  for (const answer of rest) {
    assert.equal(move.kind, "asks", answer.text);
    if (move.kind === "asks") move = advanceFlow(asking(name), move.state, answer);
  }
  return move;
}
const stepOf = (move: FlowMove) => move.kind === "asks" ? move.state.step : move.kind;

Deno.test("a flow asks what it doesn't know, and one message may say all of it", () => {
  assert.equal(stepOf(talk("search", "I need a job")), "type");
  const move = talk("search", "I need a plumber job in Kigali");
  assert.equal(move.kind, "finishes");
  assert.equal(move.kind === "finishes" && move.data["type"], "plumber");
});

Deno.test("what is written is confirmed, corrected and cancelled", () => {
  const known = ["post a job", "Night guard", "Watch a gate, six nights a week", "Kigali", "150k"];
  const asked = talk("post", ...known);
  assert.equal(stepOf(asked), "confirm");
  const corrected = talk("post", ...known, "no, 200k");
  assert.equal(stepOf(corrected), "confirm");
  assert.deepEqual(corrected.kind === "asks" && corrected.state.data["salary"], {
    amount: 200_000,
    currency: "RWF",
  });
  assert.equal(stepOf(talk("post", ...known, "yes")), "finishes");
  assert.equal(stepOf(talk("post", ...known, "no")), "change");
  assert.equal(stepOf(talk("post", ...known, "no", "Salary")), "salary");
  assert.equal(stepOf(talk("post", ...known, "no", "Salary", "180,000 frw")), "confirm");
});

Deno.test("two answers that aren't understood offer help, and never end the flow", () => {
  const once = talk("post", "post a job", "Guard", "Watch a gate", "???");
  assert.equal(once.kind === "asks" && once.state.failures, 1);
  const twice = talk("post", "post a job", "Guard", "Watch a gate", "???", "?");
  assert.equal(twice.kind === "asks" && twice.reply.type, "buttons");
  assert.match(JSON.stringify(twice), /agent:support/);
  assert.equal(
    stepOf(talk("post", "post a job", "Guard", "Watch a gate", "???", "?", "Huye")),
    "salary",
  );
});

Deno.test("a button of an older question answers nothing", () => {
  const old = say("", { choice: "answer:post.confirm-1:yes" });
  const known = ["post a job", "Guard", "Watch a gate", "Kigali", "150k"];
  assert.equal(stepOf(talk("post", ...known, old)), "confirm");
});

import assert from "node:assert/strict";
import type { Classification } from "./classify_text.ts";
import { decideIntent } from "./decide_intent.ts";

Deno.test("certain acts, probable acts where the next is clearly behind, the rest is asked", async (test) => {
  const jobs = (confidence: number, margin: number): Classification => ({
    agent: "jobs",
    confidence,
    margin,
    talk: null,
  });
  const cases: [string, Classification, "agent" | "talk" | "undecided"][] = [
    ["certain", jobs(0.8, 0.01), "agent"],
    ["probable and clear", jobs(0.5, 0.2), "agent"],
    ["probable, close", jobs(0.79, 0.19), "undecided"],
    ["improbable", jobs(0.49, 0.49), "undecided"],
    ["a greeting", { agent: null, confidence: 0, margin: 0, talk: "greeting" }, "talk"],
    ["thanks and a hint", { ...jobs(0.35, 0.35), talk: "thanks" }, "talk"],
    ["a greeting and a wish", { ...jobs(0.9, 0.9), talk: "greeting" }, "agent"],
    ["a greeting and a doubt", { ...jobs(0.6, 0.1), talk: "greeting" }, "undecided"],
    ["nothing", { agent: null, confidence: 0, margin: 0, talk: null }, "undecided"],
  ];
  for (const [name, classification, kind] of cases) {
    await test.step(name, () => assert.equal(decideIntent(classification).kind, kind));
  }
});

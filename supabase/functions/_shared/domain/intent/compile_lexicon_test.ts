import assert from "node:assert/strict";
import { AGENTS } from "../agents/registry.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";
import { LANGUAGES } from "../session/service_menu.ts";
import { type Node, readLexicon, readPhrases } from "./compile_lexicon.ts";
import { splitAll, splitWords } from "./split_words.ts";
import { spellOut } from "./verb_prefixes.ts";

Deno.test("every agent that flags know has words in every language", () => {
  assert.deepEqual(Object.keys(AGENTS).sort(), [...FLAGGED_AGENTS].sort());
  for (const [agent, { lexicon }] of Object.entries(AGENTS)) {
    for (const language of LANGUAGES) {
      for (const strength of ["sure", "likely", "hint"] as const) {
        assert.ok(
          readPhrases(lexicon[language][strength] ?? "").length > 0,
          `${agent} ${language}`,
        );
      }
    }
  }
});

Deno.test("no phrase is nothing but articles, and none is longer than a search goes", () => {
  for (const [agent, { lexicon }] of Object.entries(AGENTS)) {
    for (const language of LANGUAGES) {
      for (const phrases of Object.values(lexicon[language])) {
        for (const spelling of readPhrases(phrases).flatMap((one) => spellOut(one, language))) {
          assert.ok(splitWords(spelling).length > 0, `${agent} ${language} "${spelling}"`);
          assert.ok(!/[()|~]/.test(spelling), spelling);
        }
      }
    }
  }
  // From each word on, at most this many are looked at: the time is linear in the text.
  assert.ok(depthOf(readLexicon().root) <= 8);
});

const depthOf = ({ next }: Node): number =>
  Math.max(0, ...[...next.values()].map((node) => 1 + depthOf(node)));

Deno.test("a phrase is spelled out", () => {
  assert.deepEqual(spellOut("buy (a|the) (shop|bar)", "en"), [
    "buy a shop",
    "buy a bar",
    "buy the shop",
    "buy the bar",
  ]);
  const kinyarwanda = spellOut("~gurisha inzu", "rw");
  for (const form of ["kugurisha inzu", "ndagurisha inzu", "ngurisha inzu", "turagurisha inzu"]) {
    assert.ok(kinyarwanda.includes(form), form);
  }
  assert.ok(spellOut("~uza", "sw").includes("ninauza"));
  assert.ok(spellOut("~uza", "sw").includes("uza"));
});

Deno.test("words are folded, parted and stripped of articles", () => {
  assert.deepEqual(splitWords("Vendre MON Éléphant, 500kg !!"), ["vendre", "elephant", "kg"]);
  assert.deepEqual(splitWords("heyyyy n'umuntu œufs"), ["hey", "umuntu", "oeufs"]);
  assert.deepEqual(splitAll("a shop"), ["a", "shop"]);
  assert.deepEqual(splitAll(`${"xy".repeat(21)} aaab`), ["ab"]);
});

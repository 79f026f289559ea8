import assert from "node:assert/strict";
import { printLine } from "../../scripts/local/print_line.ts";
import { classifyText } from "../../supabase/functions/_shared/domain/intent/classify_text.ts";
import { decideIntent } from "../../supabase/functions/_shared/domain/intent/decide_intent.ts";
import { detectLanguage } from "../../supabase/functions/_shared/domain/intent/detect_language.ts";
import { FLAGGED_AGENTS } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import { LANGUAGES } from "../../supabase/functions/_shared/domain/session/service_menu.ts";
import { judge, PARTS, readUtterances, type Utterance } from "./read_utterances.ts";

const utterances = await readUtterances();
const judged = utterances.map((utterance) => ({
  ...utterance,
  ...judge(utterance, decideIntent(classifyText(utterance.text))),
}));

const share = (count: number, total: number) => `${(100 * count / total).toFixed(1)} %`;

Deno.test("the labelled set covers every service, language, greetings and nonsense", () => {
  assert.ok(utterances.length >= 450);
  assert.equal(new Set(utterances.map(({ text }) => text)).size, utterances.length);
  for (const agent of [...FLAGGED_AGENTS, "greeting", "none"] as const) {
    for (const language of LANGUAGES) {
      const group = utterances.filter((one) => one.agent === agent && one.language === language);
      for (const part of PARTS.slice(0, 2)) {
        assert.ok(group.some((one) => one.part === part), `${agent} ${language} ${part}`);
      }
    }
  }
});

Deno.test("without a model, nine of ten are understood, and fewer than two of a hundred misunderstood", () => {
  printConfusion();
  for (const part of [...PARTS, null]) {
    const some = judged.filter((one) => part === null || one.part === part);
    const right = some.filter((one) => one.verdict === "right").length;
    const wrong = some.filter((one) => one.verdict === "wrong").length;
    printLine(
      `${(part ?? "all").padEnd(10)} ${String(some.length).padStart(5)}   right ${
        share(right, some.length)
      }   confidently wrong ${share(wrong, some.length)}   asked ${
        share(some.length - right - wrong, some.length)
      }`,
    );
  }
  const right = judged.filter(({ verdict }) => verdict === "right").length;
  const wrong = judged.filter(({ verdict }) => verdict === "wrong").length;
  assert.ok(right / judged.length >= 0.9, `right: ${share(right, judged.length)}`);
  assert.ok(wrong / judged.length < 0.02, `confidently wrong: ${share(wrong, judged.length)}`);
});

Deno.test("greetings, thanks and nonsense are never another service, confidently", () => {
  const wrong = judged.filter(({ agent, verdict }) =>
    (agent === "greeting" || agent === "none") && verdict === "wrong"
  );
  assert.deepEqual(wrong.map(({ text }) => text), []);
});

Deno.test("a language that is clear is the right one", () => {
  const clear = utterances.map((one) => ({ ...one, detected: detectLanguage(one.text) }))
    .filter(({ detected }) => detected.isClear);
  const wrong = clear.filter(({ detected, language }) => detected.language !== language);
  printLine(
    `language: clear in ${share(clear.length, utterances.length)}, of which wrong ${
      share(wrong.length, clear.length)
    }`,
  );
  assert.ok(clear.length / utterances.length >= 0.85);
  assert.ok(wrong.length / clear.length < 0.02, wrong.map(({ text }) => text).join("\n"));
});

Deno.test("case, accents, punctuation and spaces make no difference", () => {
  for (const { text } of utterances) {
    const variations = [
      text.toUpperCase(),
      text.normalize("NFD"),
      text.normalize("NFD").replace(/\p{M}/gu, ""),
      `  ¡${text.replaceAll(" ", "  ")}!! 🙏🏾`,
    ];
    for (const variation of variations) {
      assert.deepEqual(classifyText(variation), classifyText(text), variation);
    }
  }
});

/** Rows are what was meant, columns what was understood. */
function printConfusion(): void {
  const columns = [...FLAGGED_AGENTS, "talk", "asked"];
  const meant: Utterance["agent"][] = [...FLAGGED_AGENTS, "greeting", "none"];
  const cell = (text: string | number) => String(text).slice(0, 7).padStart(8);
  printLine(`\n${"".padEnd(16)}${columns.map(cell).join("")}`);
  for (const agent of meant) {
    const row = judged.filter((one) => one.agent === agent);
    const counts = columns.map((column) =>
      row.filter(({ understood }) => understood === column).length || "·"
    );
    printLine(`${agent.padEnd(16)}${counts.map(cell).join("")}`);
  }
}

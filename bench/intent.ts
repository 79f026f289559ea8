/**
 * How many texts a second are understood without a model, one thread, and what the first one pays
 * for: the words are compiled once.
 *
 *   deno run -A bench/intent.ts [--seconds 2] [--rounds 5]
 */
import { parseArgs } from "node:util";
import { printLine } from "../scripts/local/print_line.ts";
import { AGENTS } from "../supabase/functions/_shared/domain/agents/registry.ts";
import { classifyText } from "../supabase/functions/_shared/domain/intent/classify_text.ts";
import { compileLexicon } from "../supabase/functions/_shared/domain/intent/compile_lexicon.ts";
import { detectLanguage } from "../supabase/functions/_shared/domain/intent/detect_language.ts";
import { readUtterances } from "../tests/intent/read_utterances.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "2" },
    rounds: { type: "string", default: "5" },
  },
});
const milliseconds = Number(values.seconds) * 1000;
const rounds = Number(values.rounds);

/** Calls a second, the rounds' median and their worst. */
function measure(texts: readonly string[], call: (text: string) => unknown): string {
  const rates = Array.from({ length: rounds }, () => {
    const began = performance.now();
    let calls = 0;
    while (performance.now() - began < milliseconds) {
      for (const text of texts) call(text);
      calls += texts.length;
    }
    return calls / ((performance.now() - began) / 1000);
  }).sort((one, other) => one - other);
  const show = (rate: number | undefined) => Math.round(rate ?? 0).toLocaleString("en");
  return `${show(rates[Math.floor(rates.length / 2)])}/s (worst round ${show(rates[0])}/s)`;
}

const began = performance.now();
compileLexicon(AGENTS);
printLine(`compiling the lexicon, once an isolate   ${(performance.now() - began).toFixed(0)} ms`);

const texts = (await readUtterances()).map(({ text }) => text);
const long = [texts.join(" ").slice(0, 4096)];
printLine(`classifications of ${texts.length} messages          ${measure(texts, classifyText)}`);
printLine(`languages detected                       ${measure(texts, detectLanguage)}`);
printLine(`classifications of 4,096 characters      ${measure(long, classifyText)}`);

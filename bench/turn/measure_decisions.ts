import { printLine } from "../../scripts/local/print_line.ts";
import { classifyText } from "../../supabase/functions/_shared/domain/intent/classify_text.ts";
import { createConversation, write } from "../../tests/in_memory/create_conversation.ts";
import { readUtterances } from "../../tests/intent/read_utterances.ts";
import { showTimes, sortTimes } from "./show_times.ts";

const ROUNDS = 300;
const WARM_UP = 50;
/** Of our own time, for a handoff: what the product promises. */
const HANDOFF_GOAL_MILLISECONDS = 5;
const CLASSIFYING_MILLISECONDS = 2_000;

/** Ours alone: the decision, the data in memory; a handoff beside an answer that is none. */
export async function measureDecisions(): Promise<void> {
  const plain: number[] = [];
  const handoffs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const conversation = createConversation();
    const say = async (text: string) => {
      const began = performance.now();
      await conversation.say(write(text));
      return performance.now() - began;
    };
    await say("I want to sell my sofa");
    plain.push(await say("Brown leather, three seats"));
    handoffs.push(await say("I am looking for a plumber job in Kigali"));
    if (conversation.decided.at(-1)?.events[0]?.handed_off_from !== "marketplace") {
      throw new Error("Cannot measure a handoff: there was none");
    }
  }
  const handed = sortTimes(handoffs, WARM_UP);
  const within = handed.filter((time) => time < HANDOFF_GOAL_MILLISECONDS).length / handed.length;
  printLine("ours alone, the data in memory");
  printLine(`  an answer to a question         ${showTimes(sortTimes(plain, WARM_UP))}`);
  printLine(
    `  a handoff                       ${showTimes(handed)}; ` +
      `${(within * 100).toFixed(1)} % below the goal of ${HANDOFF_GOAL_MILLISECONDS} ms`,
  );
}

/** One thread, without a model; `bench/intent.ts` has more. */
export async function measureClassifications(): Promise<void> {
  const texts = (await readUtterances()).map(({ text }) => text);
  for (const text of texts) classifyText(text);
  const began = performance.now();
  let classified = 0;
  while (performance.now() - began < CLASSIFYING_MILLISECONDS) {
    for (const text of texts) classifyText(text);
    classified += texts.length;
  }
  const rate = classified / ((performance.now() - began) / 1000);
  printLine(`  classifications                 ${Math.round(rate).toLocaleString("en")} a second`);
}

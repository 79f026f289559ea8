import type { AgentDefinition } from "../agents/agent.ts";
import { foldText } from "../fold_text.ts";
import type { Flow } from "../flows/flow.ts";

/** The tasks of an agent that people can ask for in words. */
export function listTasks(agent: AgentDefinition): [string, Flow][] {
  return Object.entries(agent.flows).filter(([name]) => !agent.hidden?.includes(name));
}

/**
 * The task that a text asks for: the one with most words of its phrases in it, in whatever language;
 * null where no phrase is there, or two tasks have equally many.
 */
export function pickFlow(agent: AgentDefinition, text: string): string | null {
  const folded = ` ${foldText(text)} `;
  const scores = listTasks(agent).map(([name, flow]) => ({ name, score: scoreFlow(flow, folded) }))
    .filter(({ score }) => score > 0)
    .toSorted((left, right) => right.score - left.score);
  const [best, next] = scores;
  if (best === undefined || (next !== undefined && next.score === best.score)) return null;
  return best.name;
}

/** Words of the longest phrase, and a little for every other one. */
function scoreFlow({ triggers, title }: Flow, folded: string): number {
  let longest = 0;
  let others = 0;
  for (const list of [...Object.values(triggers), ...Object.values(title).map(foldText)]) {
    for (const phrase of list.split(",")) {
      const words = phrase.trim();
      if (words === "" || !folded.includes(` ${words} `)) continue;
      const count = words.split(" ").length;
      others += 0.1;
      longest = Math.max(longest, count);
    }
  }
  return longest === 0 ? 0 : longest + Math.min(others, 0.9);
}

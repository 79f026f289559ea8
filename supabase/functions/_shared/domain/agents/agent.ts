import type { Texts } from "../flows/answer.ts";
import type { Finish, Flow } from "../flows/flow.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import type { ToolName } from "../tools/registry.ts";

/** What an agent is: what it says of itself, what it can do. */
export type AgentDefinition = {
  name: FlaggedAgent;
  /** What it is for, to a language model. What it may never do is said once for all agents. */
  prompt: string;
  /** Said above the list of its tasks. */
  greeting: Texts;
  tools: readonly ToolName[];
  /** Its tasks by name, in the order they are offered; a row's id is `do:<agent>:<flow>`. */
  flows: { [name: string]: Flow };
  /** Tasks that are begun by a row or a button alone, and never offered by themselves. */
  hidden?: readonly string[];
  /** The task begun by words that are the agent's but name none of its tasks. */
  usual?: string;
  /** An answer to words that begin no task, such as a question to the documents. */
  otherwise?: Finish;
  limits: {
    /** Calls of the language model in one turn. */
    model_steps: number;
    output_tokens: number;
  };
};

export const USUAL_LIMITS = { model_steps: 4, output_tokens: 800 } as const;

import type { AgentDefinition } from "../agents/agent.ts";
import type { AgentEffect } from "../../ports_agents.ts";
import { askConfirmation } from "../conversation/ask_confirmation.ts";
import { answerId } from "../flows/ask_step.ts";
import { FLOW_WORDS } from "../flows/words.ts";
import { readReply } from "../flows/read_reply.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { prepareCall } from "../tools/call_tool.ts";
import type { Memory } from "./memory.ts";
import { type Deciding, describeTools } from "./run_task.ts";
import { addUsage, say, sayText, type Scene } from "./scene.ts";
import { REFUSAL_WORDS, TURN_WORDS } from "./words.ts";

/**
 * A reply of the language model, where there is one. What it wants to write it only proposes: the
 * person is asked, and nothing is done before their yes. Answers whether anything was said.
 */
export function* converse(scene: Scene, agent: AgentDefinition): Deciding<boolean> {
  scene.at_work = agent.name;
  const { input, language, said } = scene;
  if (!input.has_model || said.text === "") return false;
  const answered = yield {
    kind: "converse",
    agent,
    language,
    text: said.text,
    tools: describeTools(scene),
    carried: scene.carried,
  };
  if (answered.kind === "nothing" && answered.usage) addUsage(scene, answered.usage);
  if (answered.kind !== "converse") return false;
  addUsage(scene, answered.usage);
  scene.tools.push(...answered.tools);
  if (answered.proposal === null) {
    if (answered.text === "") return false;
    sayText(scene, answered.text);
    return true;
  }
  const { tool, arguments: given, question } = answered.proposal;
  const call = prepareCall({ name: tool, arguments: given }, describeTools(scene));
  if (!call.ok || call.confirm === null) return false;
  const key = `proposal-${input.turn.fencing_token}`;
  askProposal(scene, { tool, arguments: given, key, question }, agent.name);
  return true;
}

function askProposal(
  scene: Scene,
  proposal: NonNullable<Memory["proposal"]>,
  agent: FlaggedAgent,
): void {
  scene.memory.proposal = proposal;
  scene.asked = true;
  const { key, question } = proposal;
  const words = FLOW_WORDS[scene.language];
  say(
    scene,
    ...askConfirmation(question, scene.language, [
      { id: answerId(agent, key, "yes"), title: words.yes },
      { id: answerId(agent, key, "cancel"), title: words.cancel },
    ]),
  );
}

/** Whether what was said answers a proposal, which is then made or dropped. */
export function* confirmProposal(scene: Scene): Deciding<boolean> {
  const { memory, said, language, input } = scene;
  const proposal = memory.proposal;
  if (proposal === null) return false;
  const [, chosen] = said.choice?.split(`.${proposal.key}:`) ?? [];
  const reply = said.choice === null ? readReply(said.text) : chosen;
  // Anything else that is said leaves it behind.
  memory.proposal = null;
  if (reply === "cancel" || reply === "no") {
    sayText(scene, TURN_WORDS.cancelled[language]);
    return true;
  }
  if (reply !== "yes") return false;
  if (said.choice === null && scene.answer.is_early) {
    askProposal(scene, proposal, scene.agent ?? "support");
    return true;
  }
  const refusal = input.refusals?.find(({ code }) => code !== "taken");
  if (refusal !== undefined) {
    sayText(scene, (REFUSAL_WORDS[refusal.code] ?? TURN_WORDS.failed)[language]);
    return true;
  }
  const call = prepareCall(
    { name: proposal.tool, arguments: proposal.arguments },
    describeTools(scene),
  );
  if (!call.ok) {
    sayText(scene, TURN_WORDS.unavailable[language]);
    return true;
  }
  const answered = call.reads.length === 0 ? null : yield { kind: "reads", reads: call.reads };
  const { effects } = call.finish(answered?.kind === "reads" ? answered.results : []);
  scene.tools.push({ name: proposal.tool });
  scene.effects.push(...effects as AgentEffect[]);
  // A time that is taken by now, a price that has changed: the tool knows better and did nothing.
  sayText(scene, (effects.length === 0 ? TURN_WORDS.not_done : TURN_WORDS.done)[language]);
  return true;
}

import { findAgent } from "../agents/registry.ts";
import type { FlaggedAgent } from "../rollout/parse_flags.ts";
import { describeService } from "../session/service_menu.ts";

/** Agents as a classifier reads them: what people see of them, and what they are for. */
export function describeCandidates(
  candidates: readonly FlaggedAgent[],
): { name: FlaggedAgent; description: string }[] {
  return candidates.map((name) => ({
    name,
    description: `${describeService("en", name)}. ${findAgent(name).prompt}`,
  }));
}

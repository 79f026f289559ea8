import type { Clock } from "../ports.ts";
import type { AgentDataStore } from "../ports_agents.ts";
import type { LanguageModel } from "../ports_model.ts";
import type { TurnKey } from "../ports_messaging.ts";

/** Why a turn is broken off: not a failure, its messages are the older service's. */
export class SwitchedOff extends Error {
  constructor() {
    super("The service was switched off while the turn was being decided");
    this.name = "SwitchedOff";
  }
}

export type SwitchWatch = {
  /** Aborted with `SwitchedOff`. */
  signal: AbortSignal;
  /** What the database has just said. */
  tell(isSwitchedOff: boolean): void;
  agentData: AgentDataStore;
  watch(model: LanguageModel): LanguageModel;
};

/** What was told this lately needs not be asked for. */
const FRESH_MILLISECONDS = 1_000;

/**
 * Whether the kill switch was pulled (or the person denied) since a turn was claimed. The claim told, and so
 * does each read of the turn; before a request of the model's that nothing was read for, it is asked. So
 * nothing is paid for, or said, by a service that was switched off meanwhile.
 */
export function watchSwitch(
  agentData: AgentDataStore,
  { org_id, contact_id }: TurnKey,
  clock: Clock,
): SwitchWatch {
  const off = new AbortController();
  const { signal } = off;
  /** Null: a request was made since. */
  let toldAt: number | null = clock();
  const tell = (isSwitchedOff: boolean) => {
    toldAt = clock();
    if (isSwitchedOff) off.abort(new SwitchedOff());
  };
  const readAgentData: AgentDataStore["readAgentData"] = (input, options) =>
    agentData.readAgentData(input, { ...options, tellSwitch: tell });

  async function beforeRequest(): Promise<void> {
    if (toldAt === null || clock() - toldAt > FRESH_MILLISECONDS) {
      await readAgentData({ org_id, contact_id, reads: [] }, { signal });
    }
    signal.throwIfAborted();
    toldAt = null;
  }

  return {
    signal,
    tell,
    agentData: { readAgentData },
    watch: (model) => ({
      name: model.name,
      classify: (input, options) => model.classify(input, { ...options, beforeRequest }),
      converse: (input, options) => model.converse(input, { ...options, beforeRequest }),
    }),
  };
}

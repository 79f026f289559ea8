import { requireOps } from "../require_ops.ts";
import type { ReleaseContext } from "../release_context.ts";
import type { Step } from "../run_steps.ts";

const describe = ({ percent, enabled }: { percent: number; enabled: boolean }) =>
  `${percent} % inside${enabled ? "" : ", SWITCHED OFF"}`;

/** Whom the release reaches: as many as before, or as asked, with the reason in the history. */
export const flags: Step<ReleaseContext> = {
  name: "flags",
  plan({ options, journal }) {
    const now = journal.baseline === null ? "" : ` (now ${describe(journal.baseline)})`;
    return Promise.resolve(
      options.rollout === null
        ? `would leave the rollout as it is${now}`
        : `would set the rollout to ${options.rollout} %${now}`,
    );
  },
  async run(context) {
    const { options, checkout } = context;
    const { ops } = requireOps(context);
    const state = await ops.readRollout();
    if (options.rollout === null || state.percent === options.rollout) {
      return `left at ${describe(state)}`;
    }
    const reason = options.reason ??
      `release ${checkout.version} (${checkout.commit.slice(0, 7)})`;
    const changed = await ops.setRollout({
      percent: options.rollout,
      reason,
      ...(options.actor === null ? {} : { actor: options.actor }),
    });
    return `${describe(changed)}, before ${describe(state)}`;
  },
};

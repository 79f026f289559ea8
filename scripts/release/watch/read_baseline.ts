import type { Baseline } from "../journal.ts";
import type { Ops } from "../ops/create_ops.ts";
import { ReleaseError } from "../release_error.ts";

/**
 * How the project does now; null where `ops` isn't there to say, as before a first release.
 * @throws ReleaseError `unauthorized`, where the secret key is wrong
 */
export async function readBaseline(ops: Ops, now: number): Promise<Baseline | null> {
  try {
    const [levels, rollout, alerts] = await Promise.all([
      ops.readServiceLevels(),
      ops.readRollout(),
      ops.listOpenAlerts(),
    ]);
    return {
      at: new Date(now).toISOString(),
      percent: rollout.percent,
      enabled: rollout.enabled,
      levels: byWindow(levels),
      openAlerts: alerts.map(({ id }) => id),
    };
  } catch (error) {
    if (error instanceof ReleaseError && error.code !== "unauthorized") return null;
    throw error;
  }
}

/** Window → level → what was kept of it. */
export function byWindow(
  levels: Awaited<ReturnType<Ops["readServiceLevels"]>>,
): Baseline["levels"] {
  const result: Baseline["levels"] = {};
  for (const { name, windows } of levels) {
    for (const [window, { good, total, burnRate }] of Object.entries(windows)) {
      (result[window] ??= {})[name] = { good, total, burnRate };
    }
  }
  return result;
}

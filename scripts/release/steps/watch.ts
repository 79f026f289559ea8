import { listUnready } from "../proofs/list_unready.ts";
import { ReleaseError } from "../release_error.ts";
import { requireOps } from "../require_ops.ts";
import type { ReleaseContext } from "../release_context.ts";
import type { Step } from "../run_steps.ts";
import { describeReading } from "../watch/describe_reading.ts";
import { judgeReading } from "../watch/judge_reading.ts";

const INTERVAL_MILLISECONDS = 30_000;
/** A look that fails may be the network of who watches. */
const MAX_BLIND_LOOKS = 3;

/** Shows how the live project does beside how it did before, and stops at a clear breach. */
export const watch: Step<ReleaseContext> = {
  name: "watch",
  plan: ({ options }) =>
    Promise.resolve(
      options.watchMinutes === 0
        ? "would look once at metrics and service levels"
        : `would show metrics and service levels for ${options.watchMinutes} min`,
    ),
  async run(context) {
    const { options, journal, clock, pause, tell } = context;
    const { ops } = requireOps(context);
    const { baseline } = journal;
    const end = clock() + options.watchMinutes * 60_000;
    let looks = 0;
    for (let blind = 0;;) {
      try {
        const [levels, metrics, alerts, down] = await Promise.all([
          ops.readServiceLevels(),
          ops.readMetrics(),
          ops.listOpenAlerts(),
          // Asked twice, a second apart.
          listUnready(context, { limitMilliseconds: 1_000 }),
        ]);
        blind = 0;
        looks += 1;
        const reading = { levels, alerts, down };
        tell(`at ${new Date(clock()).toISOString().slice(11, 19)} UTC`);
        for (const line of describeReading(reading, { metrics, baseline })) tell(`  ${line}`);
        const breaches = judgeReading(reading, baseline);
        if (breaches.length > 0) {
          throw new ReleaseError("failed", `Cannot leave it so: ${breaches.join("; ")}`);
        }
      } catch (error) {
        if (!(error instanceof ReleaseError) || error.code === "failed") throw error;
        blind += 1;
        tell(`no look: ${error.message}`);
        if (blind >= MAX_BLIND_LOOKS) throw error;
      }
      const left = end - clock();
      if (left <= 0 && blind === 0) return `${looks} looks, nothing clearly worse than before`;
      await pause(blind > 0 ? 2_000 : Math.min(left, INTERVAL_MILLISECONDS));
    }
  },
};

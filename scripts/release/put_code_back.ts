import type { LiveState } from "./describe_failure.ts";
import { listUnready } from "./proofs/list_unready.ts";
import type { ReleaseContext } from "./release_context.ts";
import { restoreFunctions } from "./restore_functions.ts";

const READY_LIMIT_MILLISECONDS = 30_000;

/**
 * Restores the code before and looks how it does. Whatever goes wrong is returned, not thrown: the
 * person is to hear of it together with what is live.
 */
export async function putCodeBack(
  context: ReleaseContext,
): Promise<{ restored: LiveState["restored"]; problem: unknown }> {
  let restored: LiveState["restored"] = null;
  try {
    const commit = await restoreFunctions(context);
    if (commit === null) return { restored, problem: null };
    // What is live again is said also where it can't be asked how it does.
    restored = { commit, unready: null };
    const unready = await listUnready(context, { limitMilliseconds: READY_LIMIT_MILLISECONDS });
    return { restored: { commit, unready }, problem: null };
  } catch (problem) {
    return { restored, problem };
  }
}

import type { LiveState } from "./describe_failure.ts";
import { listUnready } from "./proofs/list_unready.ts";
import type { ReleaseContext } from "./release_context.ts";
import { type Restored, restoreFunctions } from "./restore_functions.ts";

const READY_LIMIT_MILLISECONDS = 30_000;

/**
 * Restores the code before and looks how it does. Whatever goes wrong is returned, not thrown: the
 * person is to hear of it together with what is live.
 */
export async function putCodeBack(
  context: ReleaseContext,
): Promise<{ restored: LiveState["restored"]; problem: unknown }> {
  const codes: Restored[] = [];
  // What is live again is said also where another part isn't, or it can't be asked how it does.
  const tell = (unready: string[] | null) => codes.length === 0 ? null : { codes, unready };
  try {
    await restoreFunctions(context, (restored) => void codes.push(restored));
    if (codes.length === 0) return { restored: null, problem: null };
    const unready = await listUnready(context, { limitMilliseconds: READY_LIMIT_MILLISECONDS });
    return { restored: tell(unready), problem: null };
  } catch (problem) {
    return { restored: tell(null), problem };
  }
}

import type { RollbackContext, Signature } from "./rollback_context.ts";
import { switchFlags } from "./switch_flags.ts";

/** `quick`: everybody is outside from their next message on. */
export async function lowerRollout(context: RollbackContext, signature: Signature): Promise<void> {
  await switchFlags(context, {
    change: "nobody_inside",
    signature,
    byOps: async () => {
      const { ops } = context;
      if (ops === null) return false;
      if ((await ops.readRollout()).percent === 0) return false;
      await ops.setRollout({ percent: 0, ...signature });
      return true;
    },
  });
  context.print("people of the allow list, and organizations with an override, stay inside");
}

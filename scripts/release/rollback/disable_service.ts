import { ReleaseError } from "../release_error.ts";
import type { RollbackContext, Signature } from "./rollback_context.ts";
import { switchFlags } from "./switch_flags.ts";

const TIMEOUT_MILLISECONDS = 20_000;

/** `full`: the kill switch, which has no exceptions. */
export async function disableService(
  context: RollbackContext,
  signature: Signature,
): Promise<void> {
  const { ops, target, fetch } = context;
  await switchFlags(context, {
    change: "switched_off",
    signature,
    byOps: async () => {
      if (ops === null || target.secretKey === null) return false;
      if (!(await ops.readRollout()).enabled) return false;
      await patchFlags(target.projectUrl, target.secretKey, fetch, signature);
      return true;
    },
  });
}

async function patchFlags(
  projectUrl: string,
  secretKey: string,
  fetch: typeof globalThis.fetch,
  signature: Signature,
): Promise<void> {
  const fail = (reason: string, cause?: unknown) =>
    new ReleaseError("unreachable", `Cannot switch the service off by ops: ${reason}`, { cause });
  try {
    const response = await fetch(`${projectUrl}/functions/v1/ops/flags`, {
      method: "PATCH",
      headers: { apikey: secretKey, "content-type": "application/json", "if-match": "*" },
      body: JSON.stringify({ flags: { unifiedServiceEnabled: false }, ...signature }),
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
    const text = await response.text();
    if (!response.ok) throw fail(`answered ${response.status} ${text.slice(0, 200)}`);
  } catch (error) {
    throw error instanceof ReleaseError ? error : fail("no answer", error);
  }
}

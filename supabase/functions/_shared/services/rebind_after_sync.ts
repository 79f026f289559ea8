import type { SyncAgentResult } from "./describe_sync.ts";
import { rebindNumber, type RebindPorts } from "./rebind_number.ts";

/**
 * Binds the number anew where a sync made that necessary. Never throws: the answer to the sync stays
 * true, and the worker looks for numbers that pass by an agent's state.
 */
export async function rebindAfterSync(
  ports: RebindPorts,
  results: SyncAgentResult[],
  { orgId, requestId }: { orgId: string; requestId: string },
): Promise<void> {
  if (!results.some(({ rebind }) => rebind)) return;
  try {
    await rebindNumber(ports, { orgId, userId: "system", requestId });
  } catch (error) {
    ports.logger.error("Number not bound", { org_id: orgId, request_id: requestId, error });
  }
}

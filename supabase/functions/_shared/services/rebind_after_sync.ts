import { AppError, ProviderError } from "../errors.ts";
import type { SyncAgentResult } from "./describe_sync.ts";
import { rebindNumber, type RebindPorts } from "./rebind_number.ts";

/** What the worker goes on with. */
export type NumberWarning = { step: "numberBound"; detail: string };

/**
 * Binds the number anew where a sync made that necessary. Never throws: the answer to the sync stays
 * true, and the worker looks for numbers that don't go where they should.
 */
export async function rebindAfterSync(
  ports: RebindPorts,
  results: SyncAgentResult[],
  { orgId, requestId }: { orgId: string; requestId: string },
): Promise<NumberWarning[]> {
  if (!results.some(({ rebind }) => rebind)) return [];
  try {
    await rebindNumber(ports, { orgId, userId: "system", requestId });
    return [];
  } catch (error) {
    ports.logger.error("Number not bound", { org_id: orgId, request_id: requestId, error });
    return [describeUnbound(error)];
  }
}

export function describeUnbound(error: unknown): NumberWarning {
  const detail = error instanceof ProviderError
    ? error.reason
    : error instanceof AppError
    ? error.message
    : "unexpected error, logged";
  return { step: "numberBound", detail };
}

import type { ProviderCall, RecordProviderCall } from "../ports.ts";

/** Calls of providers by organization, until the next record takes them along. */
export type CallLog = {
  recorderOf(orgId: string): RecordProviderCall;
  size(): number;
  drain(): { org_id: string; calls: ProviderCall[] }[];
};

export function createCallLog(): CallLog {
  const calls = new Map<string, ProviderCall[]>();
  return {
    recorderOf: (orgId) => (call) => {
      calls.set(orgId, [...calls.get(orgId) ?? [], call]);
    },
    size: () => calls.size,
    drain() {
      const drained = [...calls].map(([org_id, made]) => ({
        org_id,
        calls: made,
      }));
      calls.clear();
      return drained;
    },
  };
}

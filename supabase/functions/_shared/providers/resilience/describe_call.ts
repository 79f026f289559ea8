import type { CalledProvider, ProviderCall } from "../../ports.ts";

/** A call as `provider_call_stats` counts it, its time in whole milliseconds. */
export function describeCall(
  provider: CalledProvider,
  operation: string,
  end: { outcome: ProviderCall["outcome"]; status: number | null; milliseconds: number },
): ProviderCall {
  return {
    provider,
    operation,
    outcome: end.outcome,
    status: end.status,
    duration_ms: Math.max(0, Math.round(end.milliseconds)),
  };
}

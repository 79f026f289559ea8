import { type FieldError, ProviderError } from "../errors.ts";
import type { ConnectOptions, JsonObject } from "../ports.ts";

/** What a provider said about the credentials it was shown. */
export type CheckOutcome =
  | { outcome: "passed"; public_config: JsonObject }
  | { outcome: "failed"; errors: FieldError[] }
  /** No verdict: the provider is down, slow or limiting us, which is not the caller's mistake. */
  | { outcome: "unreachable"; error: ProviderError };

/** The provider's refusal when the credentials are at fault, else `null`. */
export function readRefusal(
  settled: PromiseSettledResult<unknown>,
): ProviderError | null {
  if (settled.status === "fulfilled") return null;
  const error: unknown = settled.reason;
  if (!(error instanceof ProviderError)) throw error;
  return ["unauthorized", "not_found", "refused"].includes(error.failure) ? error : null;
}

/** The provider's failure to give a verdict, else `null`. */
export function readFailure(
  settled: PromiseSettledResult<unknown>,
): ProviderError | null {
  if (settled.status === "fulfilled") return null;
  const error: unknown = settled.reason;
  if (!(error instanceof ProviderError)) throw error;
  return ["unauthorized", "not_found", "refused"].includes(error.failure) ? null : error;
}

/** The options of a client that ends with the check's signal, where it has one. */
export function readOptions(
  { signal }: { signal?: AbortSignal },
): ConnectOptions {
  return signal === undefined ? {} : { signal };
}

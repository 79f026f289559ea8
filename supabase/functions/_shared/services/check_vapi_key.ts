import type { VapiCredentials } from "../domain/workspace/complete_credentials.ts";
import type { Connect, RecordProviderCall } from "../ports.ts";
import { type CheckOutcome, readFailure, readOptions, readRefusal } from "./check_outcome.ts";

/** Asks Vapi for one assistant, the cheapest call that a bad key cannot make. */
export async function checkVapiKey(
  ports: { connect: Connect; record: RecordProviderCall; signal?: AbortSignal },
  credentials: VapiCredentials,
): Promise<CheckOutcome> {
  const vapi = ports.connect.vapi(credentials, ports.record, readOptions(ports));
  const [key] = await Promise.allSettled([vapi.verifyKey()]);
  const refusal = readRefusal(key);
  if (refusal !== null) {
    return {
      outcome: "failed",
      errors: [{ field: "vapi_api_key", detail: `Vapi refused the key: ${refusal.reason}` }],
    };
  }
  const failure = readFailure(key);
  return failure === null
    ? { outcome: "passed", public_config: {} }
    : { outcome: "unreachable", error: failure };
}

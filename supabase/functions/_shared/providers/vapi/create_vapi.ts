import type { Clock, ConnectOptions, RecordProviderCall, Vapi, VapiSecrets } from "../../ports.ts";
import type { Policy } from "../resilience/create_policy.ts";
import { createSender, type Fetch } from "../resilience/send_request.ts";
import type { VapiKnowledge } from "../../ports_knowledge_sync.ts";
import { createAssistants } from "./assistants.ts";
import { createFiles } from "./files.ts";
import { createPhoneNumbers } from "./phone_numbers.ts";
import { readVapiRefusal } from "./read_vapi_refusal.ts";
import { createTools } from "./tools.ts";

export type VapiConfig = ConnectOptions & {
  baseUrl: string;
  secrets: VapiSecrets;
  policy: Policy;
  record: RecordProviderCall;
  clock?: Clock;
};

/** Plain requests: the official SDK is 47 MB and slow to import. */
export function createVapi(
  config: VapiConfig,
  fetch: Fetch = globalThis.fetch,
): Vapi & VapiKnowledge {
  const { baseUrl, secrets, policy, record, signal, clock = Date.now } = config;
  const send = createSender({
    provider: "vapi",
    baseUrl,
    headers: { authorization: `Bearer ${secrets.api_key}` },
    secrets: [secrets.api_key],
    record,
    ...(signal === undefined ? {} : { signal }),
    readRefusal: readVapiRefusal,
  }, { policy, fetch, clock });
  return {
    ...createAssistants(send),
    ...createPhoneNumbers(send),
    ...createFiles(send),
    ...createTools(send),
  };
}

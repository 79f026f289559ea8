import type { Clock } from "../ports.ts";
import type { ConnectKnowledge } from "../ports_knowledge_sync.ts";
import { createPolicy, type PolicyConfig } from "./resilience/create_policy.ts";
import type { Fetch } from "./resilience/send_request.ts";
import { createTwilio } from "./twilio/create_twilio.ts";
import { createVapi } from "./vapi/create_vapi.ts";
import { createWhatsapp } from "./whatsapp/create_whatsapp.ts";

export type ConnectConfig = {
  vapiUrl: string;
  twilioUrl: string;
  whatsappGraphUrl: string;
  /** As `v26.0`. */
  whatsappGraphVersion: string;
  policy?: Partial<PolicyConfig>;
  clock?: Clock;
};

/** Made once per isolate: the circuits it remembers are worth something only as long as it lives. */
export function createConnect(
  config: ConnectConfig,
  fetch: Fetch = globalThis.fetch,
): ConnectKnowledge {
  const policy = createPolicy(config.policy);
  const clock = config.clock ?? Date.now;
  return {
    vapi: (secrets, record, options = {}) =>
      createVapi({ baseUrl: config.vapiUrl, secrets, policy, record, clock, ...options }, fetch),
    twilio: (secrets, record, options = {}) =>
      createTwilio(
        { baseUrl: config.twilioUrl, secrets, policy, record, clock, ...options },
        fetch,
      ),
    whatsapp: (secrets, record, options = {}) =>
      createWhatsapp({
        baseUrl: config.whatsappGraphUrl,
        version: config.whatsappGraphVersion,
        secrets,
        policy,
        record,
        clock,
        ...options,
      }, fetch),
  };
}

import type { Credentials } from "../domain/workspace/complete_credentials.ts";
import type { Connect, Logger, ProviderName, RecordProviderCall } from "../ports.ts";
import type { CheckOutcome } from "./check_outcome.ts";
import { checkTwilioAccount } from "./check_twilio_account.ts";
import { checkVapiKey } from "./check_vapi_key.ts";
import { checkWhatsappNumber } from "./check_whatsapp_number.ts";

const LOG_LINES = {
  vapi: { started: "Validating Vapi API key", passed: "Vapi API key validated" },
  twilio: { started: "Validating Twilio credentials", passed: "Twilio credentials validated" },
  whatsapp: {
    started: "Validating WhatsApp credentials",
    passed: "WhatsApp credentials validated",
  },
} as const satisfies Record<ProviderName, { started: string; passed: string }>;

export type CheckPorts = {
  connect: Connect;
  record: RecordProviderCall;
  logger: Logger;
  /** Ends the checks; who has not answered by then is unreachable. */
  signal?: AbortSignal;
};

/**
 * Shows each provider its credentials, all side by side: the whole takes as long as the slowest.
 * Only the providers in `credentials` are asked.
 */
export async function checkCredentials(
  ports: CheckPorts,
  credentials: Credentials,
): Promise<{ [P in ProviderName]?: CheckOutcome }> {
  const { vapi, twilio, whatsapp } = credentials;
  const checks: { [P in ProviderName]?: () => Promise<CheckOutcome> } = {
    ...(vapi && { vapi: () => checkVapiKey(ports, vapi) }),
    ...(twilio && { twilio: () => checkTwilioAccount(ports, twilio) }),
    ...(whatsapp && { whatsapp: () => checkWhatsappNumber(ports, whatsapp) }),
  };
  const outcomes: { [P in ProviderName]?: CheckOutcome } = {};
  await Promise.all(
    (Object.keys(checks) as ProviderName[]).map(async (provider) => {
      const check = checks[provider];
      if (check === undefined) return;
      ports.logger.info(LOG_LINES[provider].started);
      const outcome = await check();
      outcomes[provider] = outcome;
      if (outcome.outcome === "passed") {
        ports.logger.info(LOG_LINES[provider].passed);
      } else if (outcome.outcome === "failed") {
        ports.logger.warn("Credentials refused", { provider, errors: outcome.errors });
      } else {
        ports.logger.warn("Provider unreachable", { provider, reason: outcome.error.reason });
      }
    }),
  );
  return outcomes;
}

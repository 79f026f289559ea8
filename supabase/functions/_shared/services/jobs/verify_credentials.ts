import * as z from "zod";
import type { Credentials } from "../../domain/workspace/complete_credentials.ts";
import {
  type Connect,
  type CredentialCipher,
  type CredentialStore,
  type Logger,
  PROVIDER_NAMES,
} from "../../ports.ts";
import { checkCredentials } from "../check_credentials.ts";
import { openCredentials } from "../open_credentials.ts";
import type { Job } from "./job.ts";

const payloadSchema = z.object({ provider: z.enum(PROVIDER_NAMES) });

/**
 * Shows a provider the credentials it accepted once. A refusal is recorded and raises an alert
 * before a call fails on it; a provider that gives no verdict is asked again later.
 */
export const verifyCredentials: Job<{
  credentials: CredentialStore;
  cipher: CredentialCipher;
  connect: Connect;
  logger: Logger;
}> = async (ports, { org_id, payload }, { record }) => {
  const { provider } = payloadSchema.parse(payload);
  if (org_id === null) {
    throw new Error('Cannot verify credentials: the job has no "org_id"');
  }
  const stored = await ports.credentials.readCredential({ org_id, provider });
  if (stored.code === "not_connected") return;

  const opened: Credentials = await openCredentials(ports.cipher, org_id, { provider, ...stored });
  const outcomes = await checkCredentials(
    { connect: ports.connect, logger: ports.logger, record },
    opened,
  );
  const outcome = outcomes[provider];
  if (outcome === undefined) return;
  if (outcome.outcome === "unreachable") throw outcome.error;
  await ports.credentials.recordCredentialCheck({
    org_id,
    provider,
    fingerprint: stored.fingerprint,
    succeeded: outcome.outcome === "passed",
    error: outcome.outcome === "passed"
      ? null
      : outcome.errors.map(({ detail }) => detail).join("; "),
    // Counted with the job, which is recorded whatever the outcome.
    provider_calls: [],
  });
};

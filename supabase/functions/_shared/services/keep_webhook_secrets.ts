import { AppError } from "../errors.ts";
import type { Clock, CredentialCipher, Logger } from "../ports.ts";
import type { InboxStore } from "../ports_messaging.ts";

export type OwnSecret = { org_id: string; secret: string };
/** App secrets of the organizations that these numbers belong to, where they have one of their own. */
export type FindOwnSecrets = (
  phoneNumberIds: readonly string[],
) => Promise<OwnSecret[]>;

export type WebhookSecretPorts = {
  inbox: Pick<InboxStore, "readWebhookSecrets">;
  /** Opened when the first secret is needed: few organizations have one. */
  openCipher: () => Promise<Pick<CredentialCipher, "open">>;
  clock: Clock;
  logger: Logger;
};

const KEPT_MILLISECONDS = 60_000;
const MOST_KEPT = 1_000;
const MOST_NUMBERS = 20;
/** Whoever asks isn't verified yet: a flood of forged signatures must not become one of lookups. */
const LOOKUPS_AT_ONCE = 5;

/**
 * Secrets are kept for a minute, so that a delivery costs no call of its own; that there is none is
 * kept as well. The function it returns throws AppError `unavailable` when too many are looked up.
 */
export function keepWebhookSecrets(
  { inbox, openCipher, clock, logger }: WebhookSecretPorts,
): FindOwnSecrets {
  const kept = new Map<string, { until: number; secrets: OwnSecret[] }>();
  let lookups = 0;

  async function lookUp(ids: string[]): Promise<void> {
    if (lookups >= LOOKUPS_AT_ONCE) {
      throw new AppError(
        "unavailable",
        "Cannot verify the delivery: too many are being verified",
        {
          retryAfterSeconds: 5,
        },
      );
    }
    lookups += 1;
    try {
      const rows = await inbox.readWebhookSecrets(ids);
      const until = clock() + KEPT_MILLISECONDS;
      for (const id of ids) kept.set(id, { until, secrets: [] });
      for (const row of rows) {
        const secret = await open(row);
        if (secret !== null) {
          kept.set(row.phone_number_id, {
            until,
            secrets: [{ org_id: row.org_id, secret }],
          });
        }
      }
      for (
        const id of [...kept.keys()].slice(
          0,
          Math.max(0, kept.size - MOST_KEPT),
        )
      ) kept.delete(id);
    } finally {
      lookups -= 1;
    }
  }

  async function open(
    row: Awaited<ReturnType<InboxStore["readWebhookSecrets"]>>[number],
  ) {
    try {
      return (await (await openCipher()).open(row.org_id, "whatsapp", row))
        .app_secret;
    } catch (error) {
      logger.critical("Cannot open the WhatsApp credentials", {
        org_id: row.org_id,
        error,
      });
      return null;
    }
  }

  return async (phoneNumberIds) => {
    const ids = [...new Set(phoneNumberIds)].slice(0, MOST_NUMBERS);
    const missing = ids.filter((id) => (kept.get(id)?.until ?? 0) <= clock());
    if (missing.length > 0) await lookUp(missing);
    return ids.flatMap((id) => kept.get(id)?.secrets ?? []);
  };
}

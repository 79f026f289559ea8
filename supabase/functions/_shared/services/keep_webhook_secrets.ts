import { AppError } from "../errors.ts";
import type { Clock, CredentialCipher, Logger } from "../ports.ts";
import type { InboxStore, WebhookOrigins } from "../ports_messaging.ts";

export type OwnSecret = { org_id: string; secret: string };
/** App secrets of the organizations that these numbers or accounts belong to, where they have their own. */
export type FindOwnSecrets = (origins: WebhookOrigins) => Promise<OwnSecret[]>;

export type WebhookSecretPorts = {
  inbox: Pick<InboxStore, "readWebhookSecrets">;
  /** Opened when the first secret is needed: few organizations have one. */
  openCipher: () => Promise<Pick<CredentialCipher, "open">>;
  clock: Clock;
  logger: Logger;
};

const KEPT_MILLISECONDS = 60_000;
const MOST_KEPT = 1_000;
const MOST_OF_EACH = 20;
const NUMBER = "number:";
const ACCOUNT = "account:";
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

  async function lookUp(names: string[]): Promise<void> {
    if (lookups >= LOOKUPS_AT_ONCE) {
      throw new AppError("unavailable", "Cannot verify the delivery: too many are being verified", {
        retryAfterSeconds: 5,
      });
    }
    lookups += 1;
    try {
      const rows = await inbox.readWebhookSecrets(describeOrigins(names));
      const until = clock() + KEPT_MILLISECONDS;
      for (const name of names) kept.set(name, { until, secrets: [] });
      for (const row of rows) {
        const secret = await open(row);
        if (secret === null) continue;
        for (const name of nameOrigins(row)) {
          if (names.includes(name)) {
            kept.set(name, { until, secrets: [{ org_id: row.org_id, secret }] });
          }
        }
      }
      for (const name of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT))) {
        kept.delete(name);
      }
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

  return async ({ phone_number_ids, business_account_ids }) => {
    const names = [
      ...[...new Set(phone_number_ids)].slice(0, MOST_OF_EACH).map((id) => `${NUMBER}${id}`),
      ...[...new Set(business_account_ids)].slice(0, MOST_OF_EACH).map((id) => `${ACCOUNT}${id}`),
    ];
    const missing = names.filter((name) => (kept.get(name)?.until ?? 0) <= clock());
    if (missing.length > 0) await lookUp(missing);
    const found = names.flatMap((name) => kept.get(name)?.secrets ?? []);
    // A number's and its account's are one organization's.
    return [...new Map(found.map((own) => [own.org_id, own])).values()];
  };
}

function nameOrigins(
  row: { phone_number_id: string; business_account_id: string | null },
): string[] {
  const { phone_number_id, business_account_id } = row;
  return [
    `${NUMBER}${phone_number_id}`,
    ...(business_account_id === null ? [] : [`${ACCOUNT}${business_account_id}`]),
  ];
}

function describeOrigins(names: string[]): WebhookOrigins {
  const idsOf = (kind: string) =>
    names.filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length));
  return { phone_number_ids: idsOf(NUMBER), business_account_ids: idsOf(ACCOUNT) };
}

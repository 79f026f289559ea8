import { AppError } from "../../errors.ts";
import type { Clock, CredentialCipher } from "../../ports.ts";
import type { ConnectSender } from "../../ports_messaging.ts";
import { createPolicy } from "../resilience/create_policy.ts";
import type { Fetch } from "../resilience/send_request.ts";
import { createWhatsappSender } from "./create_sender.ts";

export type ConnectSenderConfig = {
  cipher: Pick<CredentialCipher, "open">;
  baseUrl: string;
  /** As `v26.0`. */
  version: string;
  clock?: Clock;
};

/** Shorter than the lease under which a message is sent, several of them in a row included. */
const TIMEOUT_MILLISECONDS = 10_000;

/** Made once per isolate: the circuits it remembers are worth something only as long as it lives. */
export function createConnectSender(
  { cipher, baseUrl, version, clock = Date.now }: ConnectSenderConfig,
  fetch: Fetch = globalThis.fetch,
): ConnectSender {
  // One attempt: a message that may have been sent must not be sent again by a client's retry.
  const policy = createPolicy({
    attempts: 1,
    attemptTimeoutMilliseconds: TIMEOUT_MILLISECONDS,
  });
  return async ({ org_id, whatsapp }, record) => {
    const phoneNumberId = whatsapp?.public_config["phone_number_id"];
    if (whatsapp === null || typeof phoneNumberId !== "string") {
      throw new AppError(
        "not_connected",
        `Cannot send for "${org_id}": WhatsApp is not connected`,
      );
    }
    const secrets = await cipher.open(org_id, "whatsapp", whatsapp);
    return createWhatsappSender({
      baseUrl,
      version,
      phoneNumberId,
      secrets,
      policy,
      record,
      clock,
    }, fetch);
  };
}

/** What the services that forward people outside the rollout need from the outside. */

import type { FlaggedAgent } from "./domain/rollout/parse_flags.ts";
import type { ProviderCall, RecordProviderCall } from "./ports.ts";
import type { MessageStatus } from "./ports_messaging.ts";

/** The part of a delivery that goes to the older service. */
export type KeptParts = {
  messages: { phone_number_id: string; wamid: string }[];
  statuses: { phone_number_id: string; wamid: string; status: MessageStatus }[];
};

export type LegacyDelivery = KeptParts & {
  /** Stays the same however often it is forwarded: what the older service knows a repetition by. */
  id: string;
  /** Null where it is about several organizations. */
  org_id: string | null;
  fencing_token: number;
  attempts: number;
  /** The organization whose own app secret signed it; null for ours. */
  signed_by_org_id: string | null;
  /** Whether the body goes as it came, with the signature that it came with. */
  is_whole: boolean;
  /** Null where the body is made of what was stored. */
  signature: string | null;
  body: Uint8Array;
  /** Whose webhook had what this person wrote before, of the last half hour. */
  recent_agent: string | null;
};

export type ForwardResult = {
  id: string;
  fencing_token: number;
  /** `ignored`: there is no address for it; `held`: nothing left this process. */
  outcome: "forwarded" | "ignored" | "failed" | "held";
  agent?: FlaggedAgent | null;
  status?: number | null;
  error?: string;
  retry_after_seconds?: number | null;
};

export type LegacyStore = {
  claimLegacyDeliveries(
    input: { limit: number; lease_seconds: number; max_attempts: number },
  ): Promise<{
    /** `app_config['legacy_webhooks']` as it is in force. */
    webhooks: unknown;
    deliveries: LegacyDelivery[];
  }>;
  recordLegacyDeliveries(input: {
    max_attempts: number;
    results: ForwardResult[];
    provider_calls: { org_id: string; calls: ProviderCall[] }[];
  }): Promise<{ lost: string[]; dead_lettered: number }>;
};

export type PostOutcome =
  | { kind: "accepted"; status: number }
  | { kind: "failed"; status: number | null; reason: string; retryAfterSeconds: number | null }
  /** It failed several times in a row and is given a rest. */
  | { kind: "not_sent"; reason: string; retryAfterSeconds: number };

/** Gives a signed delivery to a webhook. Never throws. */
export type PostDelivery = (
  delivery: { url: string; id: string; attempt: number; body: Uint8Array; signature: string },
  record: RecordProviderCall,
) => Promise<PostOutcome>;

/** A delivery with nothing in it but these parts; null where it has none of them. */
export type SplitDelivery = (body: Uint8Array, kept: KeptParts) => Uint8Array | null;

/**
 * `X-Hub-Signature-256` of a body, by the secret that the signature of another one shows to be in use,
 * else by the first.
 */
export type SignDelivery = (
  body: Uint8Array,
  options: { secrets: readonly string[]; like: { body: Uint8Array; signature: string } | null },
) => string;

/** Which agent a text is clearly for. */
export type ReadAgent = (text: string) => FlaggedAgent | null;

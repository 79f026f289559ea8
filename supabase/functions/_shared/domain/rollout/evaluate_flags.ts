import { createBucketOf } from "./bucket.ts";
import type { FlaggedAgent, FlaggedFeature, Flags } from "./parse_flags.ts";

/** Unleash's `groupId` is the flag's key. */
export const UNIFIED_SERVICE_GROUP = "unified_service_flags";
const bucketOf = createBucketOf(UNIFIED_SERVICE_GROUP);

export type RolloutSubject = {
  /** A contact's stable rollout key. */
  rolloutKey: string;
  orgId: string;
  /** How the contact is known now, as a rollout key has it: numbers in digits, BSUIDs. */
  names?: readonly string[];
};

export type FlagDecision = {
  inside: boolean;
  /** What decided, for `explain` and for logs. */
  reason:
    | "switched_off"
    | "denied"
    | "allowed"
    | "inside_percent"
    | "outside_percent";
  /** What the deny or allow list has of the contact: the rollout key, or a name of theirs. */
  listed: string | null;
  bucket: number;
  /** What of the rollout applies to this organization. */
  percent: number;
  outsideRollout: Flags["outsideRollout"];
  agents: Flags["agentFlags"];
  features: Flags["features"];
};

/**
 * Whether a contact is inside the rollout. The first that applies decides:
 * 1. the kill switch (`unifiedServiceEnabled: false`, for all or in the organization's override):
 *    everyone is outside, allowed or not, since it has to stop everything when pulled;
 * 2. `deny`: outside;
 * 3. `allow`: inside; both lists are of rollout keys and of the names that a contact has now, since
 *    whoever changed number keeps the key, and with it the bucket;
 * 4. the organization's override of the percentage;
 * 5. the percentage.
 * An override can switch the service off for its organization, never on against the kill switch.
 */
export function evaluateFlags(
  flags: Flags,
  { rolloutKey, orgId, names = [] }: RolloutSubject,
): FlagDecision {
  const override = flags.overrides[orgId];
  const percent = override?.unifiedServiceRolloutPercent ??
    flags.unifiedServiceRolloutPercent;
  const bucket = bucketOf(rolloutKey);
  const denied = findListed(flags.deny, rolloutKey, names);
  const allowed = findListed(flags.allow, rolloutKey, names);
  const reason = decide(flags, { denied, allowed, override, bucket, percent });
  return {
    inside: reason === "allowed" || reason === "inside_percent",
    reason,
    listed: reason === "denied" ? denied : reason === "allowed" ? allowed : null,
    bucket,
    percent,
    outsideRollout: flags.outsideRollout,
    agents: override?.agentFlags
      ? { ...flags.agentFlags, ...override.agentFlags }
      : flags.agentFlags,
    features: override?.features ? { ...flags.features, ...override.features } : flags.features,
  };
}

function decide(
  flags: Flags,
  { denied, allowed, override, bucket, percent }: {
    denied: string | null;
    allowed: string | null;
    override: Flags["overrides"][string] | undefined;
    bucket: number;
    percent: number;
  },
): FlagDecision["reason"] {
  if (
    !flags.unifiedServiceEnabled || override?.unifiedServiceEnabled === false
  ) {
    return "switched_off";
  }
  if (denied !== null) return "denied";
  if (allowed !== null) return "allowed";
  return bucket <= percent ? "inside_percent" : "outside_percent";
}

/** What the list has of the contact: the key before the names. Most lists are empty. */
function findListed(list: string[], rolloutKey: string, names: readonly string[]): string | null {
  if (list.length === 0) return null;
  if (list.includes(rolloutKey)) return rolloutKey;
  return names.find((name) => list.includes(name)) ?? null;
}

/** The decision in a sentence, for people. */
export function explainDecision(
  { reason, listed, bucket, percent }: FlagDecision,
  rolloutKey: string,
): string {
  const named = listed === rolloutKey
    ? "the rollout key"
    : `"${listed}", as which the contact is known now`;
  switch (reason) {
    case "switched_off":
      return "the service is switched off, for all or for the organization";
    case "denied":
      return `the deny list names ${named}`;
    case "allowed":
      return `the allow list names ${named}`;
    case "inside_percent":
      return `bucket ${bucket} is at most ${percent} %`;
    case "outside_percent":
      return `bucket ${bucket} is above ${percent} %`;
  }
}

export function isAgentEnabled(
  decision: FlagDecision,
  agent: FlaggedAgent,
): boolean {
  return decision.inside && decision.agents[agent];
}

export function isFeatureEnabled(
  decision: FlagDecision,
  feature: FlaggedFeature,
): boolean {
  return decision.inside && decision.features[feature];
}

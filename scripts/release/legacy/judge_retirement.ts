import * as z from "zod";

/** What the older product's functions are called, whatever is configured. */
export const LEGACY_FUNCTIONS = [
  "wa-webhook-marketplace",
  "wa-webhook-jobs",
  "wa-webhook-property",
  "wa-webhook-ai-agents",
];

const DAYS = 7;
const MILLISECONDS_A_DAY = 86_400_000;

/** The answer of `public.read_legacy_use`. */
export const legacyUseSchema = z.object({
  now: z.string(),
  everyone_inside_since: z.string().nullable(),
  forwarded: z.number(),
  last_forwarded_at: z.string().nullable(),
  waiting: z.number(),
  dead_lettered: z.number(),
  last_received_at: z.string().nullable(),
  webhooks: z.object({
    default: z.string().nullable().default(null),
    agents: z.record(z.string(), z.string().nullable()).default({}),
  }).nullable(),
  webhook_revision: z.number().nullable(),
  webhooks_ever: z.array(z.string()),
});
export type LegacyUse = z.infer<typeof legacyUseSchema>;

/** What keeps the older service, a sentence each; none where it may go. */
export function judgeRetirement(use: LegacyUse): string[] {
  const reasons: string[] = [];
  if (use.everyone_inside_since === null) {
    reasons.push(
      "the rollout isn't at 100 % for everybody: the kill switch, a percentage, an organization's own " +
        "or the deny list leaves somebody outside",
    );
  } else {
    const held = Date.parse(use.now) - Date.parse(use.everyone_inside_since);
    if (held < DAYS * MILLISECONDS_A_DAY) {
      const until = new Date(Date.parse(use.everyone_inside_since) + DAYS * MILLISECONDS_A_DAY);
      reasons.push(
        `100 % has held for ${(held / MILLISECONDS_A_DAY).toFixed(1)} days of ${DAYS}: ` +
          `not before ${until.toISOString()}`,
      );
    }
  }
  if (use.forwarded > 0) {
    reasons.push(
      `${use.forwarded} deliveries went to it in the last ${DAYS} days, the last at ${use.last_forwarded_at}`,
    );
  }
  if (use.waiting > 0) reasons.push(`${use.waiting} deliveries wait to be given to it`);
  // Where Meta posts straight to the older functions, nothing is forwarded and everybody needs them.
  const last = use.last_received_at;
  if (last === null || Date.parse(use.now) - Date.parse(last) > MILLISECONDS_A_DAY) {
    reasons.push(
      `no message came to us for a day${last === null ? "" : `, the last at ${last}`}: ` +
        "Meta may still deliver to it",
    );
  }
  return reasons;
}

export type LegacyFunctions = {
  /** Deployed here and nobody's but the older product's. */
  slugs: string[];
  /** Named as the older product's, and ours: left alone whatever happens. */
  ours: string[];
  /** Addresses that are not of this project. */
  elsewhere: string[];
};

/**
 * Which of the functions that are deployed are the older product's: by name, or because they are or
 * were an address of `legacy_webhooks`.
 * @param own the slugs of this checkout's config.toml
 */
export function findLegacyFunctions(
  { live, addresses, own, hosts }: {
    live: string[];
    addresses: string[];
    own: string[];
    hosts: string[];
  },
): LegacyFunctions {
  const named = addresses.map((address) => ({ address, slug: readSlug(address, hosts) }));
  const slugs = new Set([
    ...LEGACY_FUNCTIONS,
    ...named.map(({ slug }) => slug).filter((slug) => slug !== null),
  ]);
  return {
    slugs: live.filter((slug) => slugs.has(slug) && !own.includes(slug)).sort(),
    ours: own.filter((slug) => slugs.has(slug)).sort(),
    elsewhere: named.filter(({ slug }) => slug === null).map(({ address }) => address),
  };
}

/** The function that an address of one of these hosts is; null for anything else. */
export function readSlug(address: string, hosts: string[]): string | null {
  if (!URL.canParse(address)) return null;
  const { host, pathname } = new URL(address);
  if (!hosts.includes(host)) return null;
  const [, slug] = /^(?:\/functions\/v1)?\/([A-Za-z][A-Za-z0-9_-]*)(?:\/|$)/.exec(pathname) ?? [];
  return slug ?? null;
}

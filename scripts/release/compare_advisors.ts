import * as z from "zod";

const advice = z.object({
  name: z.string(),
  title: z.string(),
  level: z.enum(["INFO", "WARN", "ERROR"]),
  detail: z.string(),
  remediation: z.string(),
  /** Stays the same for the same defect of the same thing. */
  cache_key: z.string(),
});

/** One finding of Supabase's advisors. */
export type Advice = z.infer<typeof advice>;

/** What `supabase db advisors --output json` printed. Throws where that is something else. */
export function parseAdvisors(stdout: string): Advice[] {
  const text = stdout.trim();
  // With nothing to tell the CLI prints nothing here.
  if (text === "") return [];
  return z.array(advice).parse(JSON.parse(text));
}

const SEVERITY = { INFO: 0, WARN: 1, ERROR: 2 } as const;

/** What `after` has and `before` hadn't, or had less severe; the most severe first. */
export function compareAdvisors(before: readonly Advice[], after: readonly Advice[]): Advice[] {
  const known = new Map(before.map((one) => [one.cache_key, SEVERITY[one.level]]));
  return after
    .filter((one) => SEVERITY[one.level] > (known.get(one.cache_key) ?? -1))
    .sort((a, b) => SEVERITY[b.level] - SEVERITY[a.level] || (a.cache_key < b.cache_key ? -1 : 1));
}

/** Whether a release stops for it: errors and warnings, not what is merely told. */
export function isSerious({ level }: Advice): boolean {
  return level !== "INFO";
}

import * as z from "zod";
import { matchPath } from "../simulators/match_path.ts";

/** A failure to come, planted by a test. */
export const plannedFault = z.strictObject({
  method: z.string().transform((method) => method.toUpperCase()).optional(),
  /** `*` stands for one segment, `**` for the rest. */
  path: z.string().startsWith("/"),
  /** Only what names this function, in the path or as `?slug=`. */
  slug: z.string().optional(),
  /** `drop` closes the connection without an answer. */
  status: z.union([z.int().min(400).max(599), z.literal("drop")]),
  message: z.string().optional(),
  /** How many requests it strikes; all that follow when absent. */
  times: z.int().min(1).optional(),
  /** How many that fit pass before it strikes. */
  after: z.int().min(0).default(0),
  /** `done`: the work is done and only the answer fails, as when a proxy gives up. */
  moment: z.enum(["instead", "done"]).default("instead"),
});

export type PlannedFault = z.input<typeof plannedFault>;
type Fault = z.output<typeof plannedFault>;

/** The faults in force, in the order in which they were planted: the first that is due strikes. */
export function planFaults() {
  let faults: { fault: Fault; seen: number }[] = [];

  return {
    plant(input: unknown): void {
      faults.push({ fault: plannedFault.parse(input), seen: 0 });
    },
    strike(method: string, url: URL): Fault | null {
      for (const entry of faults) {
        const { fault } = entry;
        if (fault.method !== undefined && fault.method !== method) continue;
        if (fault.slug !== undefined && !namesFunction(url, fault.slug)) continue;
        if (!matchPath(fault.path, url.pathname)) continue;
        entry.seen += 1;
        if (entry.seen <= fault.after) continue;
        if (fault.times !== undefined && entry.seen > fault.after + fault.times) continue;
        return fault;
      }
      return null;
    },
    clear(): void {
      faults = [];
    },
  };
}

export type Faults = ReturnType<typeof planFaults>;

function namesFunction(url: URL, slug: string): boolean {
  return url.searchParams.get("slug") === slug || url.pathname.split("/").includes(slug);
}

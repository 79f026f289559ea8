import * as z from "zod";
import { matchPath } from "./match_path.ts";
import type { Caller } from "./provider.ts";

export const faultSchema = z.strictObject({
  method: z.string().transform((method) => method.toUpperCase()).optional(),
  path: z.string().startsWith("/"),
  account: z.string().optional(),
  key: z.string().optional(),
  mode: z.enum(["latency", "status", "hang", "drop", "malformed"]),
  status: z.int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  retryAfterSeconds: z.number().min(0).optional(),
  latencyMilliseconds: z.number().min(0).optional(),
  times: z.int().min(1).optional(),
  moment: z.enum(["before", "after"]).default("before"),
}).refine((fault) => fault.mode !== "status" || fault.status !== undefined, {
  path: ["status"],
  error: "status is required in mode status",
}).refine((fault) => fault.mode !== "latency" || fault.latencyMilliseconds !== undefined, {
  path: ["latencyMilliseconds"],
  error: "latencyMilliseconds is required in mode latency",
});

/** `hits` counts how often it struck; with `times` it is spent after that many. */
export type Fault = z.output<typeof faultSchema> & { id: string; hits: number };

/** The faults in force, in the order they were asked for: the first that fits strikes. */
export function createFaults(fingerprint: (credential: string) => string) {
  const faults = new Map<string, Fault & { credential: string | null }>();

  return {
    add(input: z.output<typeof faultSchema>, account: string | null): string {
      const id = crypto.randomUUID();
      const credential = input.key === undefined ? null : fingerprint(input.key);
      const { key: _key, ...rest } = input;
      const scope = account === null ? {} : { account };
      faults.set(id, { ...rest, ...scope, id, hits: 0, credential });
      return id;
    },
    strike(method: string, path: string, caller: Caller): Fault | null {
      for (const fault of faults.values()) {
        if (fault.times !== undefined && fault.hits >= fault.times) continue;
        if (fault.method !== undefined && fault.method !== method) continue;
        if (fault.account !== undefined && fault.account !== caller.account) continue;
        if (fault.credential !== null && fault.credential !== caller.credential) continue;
        if (!matchPath(fault.path, path)) continue;
        fault.hits += 1;
        return fault;
      }
      return null;
    },
    list: (): Fault[] => [...faults.values()],
    remove: (id: string): boolean => faults.delete(id),
    removeAll(account: string | null): number {
      const gone = [...faults.values()].filter((fault) =>
        account === null || fault.account === account
      );
      for (const fault of gone) faults.delete(fault.id);
      return gone.length;
    },
  };
}

export type Faults = ReturnType<typeof createFaults>;

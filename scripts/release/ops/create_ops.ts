import * as z from "zod";
import { ReleaseError } from "../release_error.ts";

const TIMEOUT_MILLISECONDS = 20_000;

const counted = z.object({
  good: z.number(),
  total: z.number(),
  share: z.number().nullable(),
  burnRate: z.number().nullable(),
});
const levelsSchema = z.object({
  levels: z.array(z.object({
    name: z.string(),
    objective: z.number(),
    thresholdMs: z.number().nullable(),
    windows: z.record(z.string(), counted),
  })),
});
const summary = z.object({
  succeeded: z.number(),
  failed: z.number(),
  errorRate: z.number().nullable(),
  p95Ms: z.number().nullable(),
});
const metricsSchema = z.object({
  windows: z.record(z.string(), z.record(z.string(), summary)),
});
const rolloutSchema = z.object({ percent: z.number(), enabled: z.boolean() });
const alertsSchema = z.object({
  alerts: z.array(z.object({
    id: z.string(),
    rule: z.string().optional(),
    severity: z.string(),
    raisedAt: z.string(),
  })),
});

export type ServiceLevels = z.infer<typeof levelsSchema>["levels"];
export type Metrics = z.infer<typeof metricsSchema>["windows"];
export type OpenAlert = z.infer<typeof alertsSchema>["alerts"][number];
export type RolloutState = z.infer<typeof rolloutSchema>;

/** What a release asks of the live project as an operator does. */
export type Ops = {
  readServiceLevels(): Promise<ServiceLevels>;
  readMetrics(): Promise<Metrics>;
  listOpenAlerts(): Promise<OpenAlert[]>;
  readRollout(): Promise<RolloutState>;
  setRollout(change: { percent: number; reason: string; actor?: string }): Promise<RolloutState>;
  /** A function of the database that only the service may call. */
  callRpc(name: string, request: Record<string, unknown>): Promise<unknown>;
};

/** Each call throws ReleaseError: `unauthorized`, `not_found`, `refused` or `unreachable`. */
export function createOps(
  { projectUrl, secretKey }: { projectUrl: string; secretKey: string },
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Ops {
  const call = async <T>(
    schema: z.ZodType<T>,
    { action, path, body }: { action: string; path: string; body?: unknown },
  ): Promise<T> => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${projectUrl}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          apikey: secretKey,
          // The data API of projects with the older, signed keys reads this one.
          ...(secretKey.startsWith("sb_") ? {} : { authorization: `Bearer ${secretKey}` }),
          accept: "application/json",
          "content-type": "application/json",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      text = await response.text();
    } catch (error) {
      throw new ReleaseError("unreachable", `Cannot ${action}: no answer of ${projectUrl}`, {
        cause: error,
      });
    }
    if (!response.ok) {
      const { status } = response;
      const code = status === 401 || status === 403
        ? "unauthorized"
        : status === 404
        ? "not_found"
        : status >= 500
        ? "unreachable"
        : "refused";
      throw new ReleaseError(code, `Cannot ${action}: answered ${status} ${explain(text)}`);
    }
    const parsed = schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    throw new ReleaseError("unreachable", `Cannot ${action}: the answer isn't understood`);
  };
  const ops = "/functions/v1/ops";
  return {
    readServiceLevels: async () =>
      (await call(levelsSchema, { action: "read the service levels", path: `${ops}/slo` })).levels,
    readMetrics: async () =>
      (await call(metricsSchema, { action: "read the metrics", path: `${ops}/metrics` })).windows,
    listOpenAlerts: async () =>
      (await call(alertsSchema, {
        action: "list the alerts",
        path: `${ops}/alerts?state=open&limit=100`,
      })).alerts,
    readRollout: () => call(rolloutSchema, { action: "read the rollout", path: `${ops}/rollout` }),
    setRollout: (change) =>
      call(rolloutSchema, {
        action: `set the rollout to "${change.percent}"`,
        path: `${ops}/rollout`,
        body: { action: "set", ...change },
      }),
    callRpc: (name, request) =>
      call(z.unknown(), {
        action: `call "${name}" of the database`,
        path: `/rest/v1/rpc/${name}`,
        body: { request },
      }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explain(text: string): string {
  const problem = parseJson(text);
  for (const key of ["detail", "message"]) {
    const value = (problem as Record<string, unknown> | undefined)?.[key];
    if (typeof value === "string") return value;
  }
  return text.replace(/\s+/g, " ").slice(0, 200);
}

import type { Hono } from "hono";
import * as z from "zod";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { type AppOptions, createApp } from "../_shared/http/create_app.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import { JOB_KINDS, type WaitUntil } from "../_shared/ports.ts";
import type { JobPorts } from "../_shared/services/jobs/job.ts";

/** With it comes what every kind of job needs: nobody who asks for a run waits for that. */
const loadJobs = () => import("../_shared/services/run_jobs.ts");

export type WorkerOptions = Omit<AppOptions, "name"> & {
  ports: Omit<JobPorts, "logger">;
  /** Throws AppError `unauthenticated`. */
  requireSecretKey: (request: Request) => void;
  waitUntil: WaitUntil;
};

const runSchema = z.strictObject({
  kind: z.enum(JOB_KINDS, { error: `must be one of ${JOB_KINDS.join(", ")}` }),
});

/** `POST /run` accepts one job kind at once and works on it after the answer. */
export function createWorker(
  { ports, requireSecretKey, waitUntil, ...options }: WorkerOptions,
): Hono<AppEnvironment> {
  const app = createApp({ ...options, name: "worker" });

  app.post("/run", async (context) => {
    requireSecretKey(context.req.raw);
    parseQuery(NO_PARAMETERS, context, "run jobs");
    const { kind } = parseWith(
      runSchema,
      await readJsonBody(context.req.raw),
      "run jobs",
    );
    const { requestId, logger } = context.var;
    const workerId = crypto.randomUUID();
    waitUntil(
      loadJobs().then(({ runJobs }) =>
        // A run that failed has logged why and left its heartbeat; the next one starts anew.
        runJobs({ ...ports, logger: logger.with({ worker_id: workerId }) }, {
          kind,
          workerId,
          requestId,
        }).catch(() => {})
      ),
    );
    return context.json({ accepted: true, kind, workerId, requestId }, 202);
  });

  return app;
}

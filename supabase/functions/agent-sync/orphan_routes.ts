import type { Hono } from "hono";
import * as z from "zod";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readOptionalBody } from "../_shared/http/read_optional_body.ts";
import { findOrphans } from "../_shared/services/find_orphans.ts";
import { answerChange, type RouteOptions } from "./answer_change.ts";

/** Each asks the account for all its assistants. */
const ORPHAN_LIMIT = { capacity: 10, refillPerSecond: 1 / 6 };

const ids = z.array(z.string().min(1, "must not be empty").max(100)).max(100)
  .default([])
  .transform((list) => [...new Set(list)]);
const orphanSchema = z.strictObject({
  dryRun: z.boolean().optional(),
  dry_run: z.boolean().optional(),
  adopt: ids,
  delete: ids,
}).transform(({ dryRun, dry_run, ...rest }, context) => {
  if (dryRun !== undefined && dry_run !== undefined && dryRun !== dry_run) {
    const message = "must not differ from dryRun, which is the same field";
    context.addIssue({ code: "custom", path: ["dry_run"], message });
  }
  return { ...rest, dryRun: dryRun ?? dry_run ?? true };
});

/** `POST /orphans` lists assistants of ours that no row knows, and adopts or deletes those named. */
export function addOrphanRoutes(
  app: Hono<AppEnvironment>,
  options: RouteOptions,
): void {
  app.post("/orphans", (context) =>
    answerChange(context, options, {
      operation: "agent_orphans",
      rateLimit: ORPHAN_LIMIT,
      read: async (request) =>
        parseWith(
          orphanSchema,
          await readOptionalBody(request),
          "look for orphans",
        ),
      work: (ports, input, asker) => findOrphans(ports, { ...asker, ...input }),
    }));
}

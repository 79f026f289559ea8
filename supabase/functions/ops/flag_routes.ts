import type { Hono } from "hono";
import * as z from "zod";
import { evaluateFlags } from "../_shared/domain/rollout/evaluate_flags.ts";
import { parseFlags, SAFE_FLAGS } from "../_shared/domain/rollout/parse_flags.ts";
import { AppError } from "../_shared/errors.ts";
import type { AppContext, AppEnvironment } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import type { ConfigStore, RolloutContactFinder, RolloutStore } from "../_shared/ports_rollout.ts";
import { changeFlags } from "../_shared/services/change_flags.ts";
import { explainFlags } from "../_shared/services/explain_flags.ts";
import { readFlags } from "../_shared/services/read_flags.ts";
import { nameActor, signature } from "./identify_operator.ts";
import { identifyReader, ofOrganization, type ReaderDependencies } from "./identify_reader.ts";

export type FlagDependencies = ReaderDependencies & {
  rollout: RolloutStore;
  config: ConfigStore;
  contacts: RolloutContactFinder;
};

const MAX_BODY_BYTES = 1024 * 1024;
const patchSchema = z.strictObject({ flags: z.record(z.string(), z.unknown()), ...signature });
const explainQuery = ofOrganization.extend({ contact: z.string().trim().min(1).max(200) });

/**
 * `GET /flags` and `PATCH /flags` (`{flags, reason, actor?}`, `if-match` with the revision, or `*`) for
 * operators; owners read what holds for their organization. `GET /flags/explain?contact=` says why
 * somebody is inside or outside; of whom owners don't know they aren't told.
 */
export function addFlagRoutes(app: Hono<AppEnvironment>, dependencies: FlagDependencies): void {
  app.get("/flags", async (context) => {
    const { orgId, userId } = await identifyReader(context, dependencies, {
      operation: "read_flags",
      query: ofOrganization,
    });
    const read = await readFlags(dependencies);
    if (orgId !== null) {
      return context.json({ orgId, ...describeOrganization(read.inForce, orgId) });
    }
    if (userId !== null) throw new AppError("forbidden", "Cannot read the flags");
    if (read.revision !== null) context.header("etag", `"${read.revision}"`);
    return context.json(read);
  });

  app.patch("/flags", async (context) => {
    dependencies.requireSecretKey(context.req.raw);
    parseQuery(NO_PARAMETERS, context, "change the flags");
    const ifMatch = readRevision(context);
    const body = await readJsonBody(context.req.raw, { maxBytes: MAX_BODY_BYTES });
    const { flags: patch, reason, actor } = parseWith(patchSchema, body, "change the flags");
    const changed = await changeFlags(dependencies, {
      patch,
      ifMatch,
      reason,
      actor: nameActor(actor),
    });
    context.header("etag", `"${changed.revision}"`);
    return context.json({ success: true, ...changed, requestId: context.var.requestId });
  });

  app.get("/flags/explain", async (context) => {
    const { orgId, userId, query } = await identifyReader(context, dependencies, {
      operation: "explain_flags",
      query: explainQuery,
    });
    const explained = await explainFlags(dependencies, { contact: query.contact, orgId });
    // The lists name people of all organizations: whether a number is on them is not an owner's to try.
    if (userId !== null && explained.contacts.length === 0) {
      throw new AppError("not_found", "Cannot explain the flags: there is no such contact");
    }
    return context.json(explained);
  });
}

/** What holds for one organization, without a word of the others. */
function describeOrganization(inForce: unknown, orgId: string) {
  const parsed = parseFlags(inForce);
  const flags = parsed.ok ? parsed.flags : SAFE_FLAGS;
  const { reason, percent, agents, features, outsideRollout } = evaluateFlags(flags, {
    orgId,
    rolloutKey: "",
  });
  return { enabled: reason !== "switched_off", percent, agents, features, outsideRollout };
}

/** `*`: whatever is stored, also where nothing is, which has no revision to name. */
function readRevision(context: AppContext): number | "*" {
  if (context.req.header("if-match") === "*") return "*";
  const [, revision] = /^(?:W\/)?"?([1-9]\d{0,8})"?$/.exec(context.req.header("if-match") ?? "") ??
    [];
  if (revision !== undefined) return Number(revision);
  const detail = 'must be the revision that GET /flags answered, or "*"';
  throw new AppError("invalid_input", `Cannot change the flags: if-match ${detail}`, {
    errors: [{ field: "if-match", detail }],
  });
}

import type { Hono } from "hono";
import * as z from "zod";
import { parseIfMatch } from "../_shared/domain/behavior/parse_if_match.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import { AGENT_ROLES } from "../_shared/ports.ts";
import { readHistory } from "../_shared/services/read_history.ts";
import { rollbackAgent } from "../_shared/services/rollback_agent.ts";
import { answerChange, answerRead, type RouteOptions } from "./answer_change.ts";

const REVISION = "must be a revision's number, from 1 on";
const LIMIT = "must be a whole number from 1 to 100";
const revisionText = z.string().regex(/^[1-9]\d{0,8}$/, REVISION).transform(
  Number,
);

const historySchema = z.strictObject({
  role: z.enum(AGENT_ROLES),
  limit: z.string().regex(/^([1-9]\d?|100)$/, LIMIT).transform(Number).default(
    20,
  ),
  before: revisionText.optional(),
});
const rollbackSchema = z.strictObject({
  role: z.enum(AGENT_ROLES),
  revision: z.number(REVISION).int(REVISION).min(1, REVISION).max(
    999_999_999,
    REVISION,
  ),
});

/** `GET /history` says who made an agent what it is, `POST /rollback` takes it back. */
export function addHistoryRoutes(
  app: Hono<AppEnvironment>,
  options: RouteOptions,
): void {
  app.get("/history", (context) =>
    answerRead(context, options, (orgId) => {
      const { before = null, ...query } = parseQuery(historySchema, context, "read the history");
      return readHistory(options.ports, { orgId, ...query, before });
    }));

  app.post("/rollback", (context) =>
    answerChange(context, options, {
      operation: "agent_rollback",
      read: async (request) => {
        const input = parseWith(
          rollbackSchema,
          await readJsonBody(request),
          "roll the agent back",
        );
        return {
          ...input,
          ifMatch: parseIfMatch(request.headers.get("if-match"), [input.role]),
        };
      },
      work: (ports, input, asker) => rollbackAgent(ports, { ...asker, ...input }),
    }));
}

import type { Hono } from "hono";
import * as z from "zod";
import { authorize } from "../_shared/http/authorize.ts";
import type { AppEnvironment } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { parseWith } from "../_shared/http/parse_with.ts";
import { readJsonBody } from "../_shared/http/read_json_body.ts";
import type { Logger } from "../_shared/ports.ts";
import { KNOWLEDGE_CATEGORIES, type KnowledgeHit } from "../_shared/ports_knowledge.ts";
import { searchKnowledge } from "../_shared/services/search_knowledge.ts";
import type { RouteOptions } from "./answer.ts";

const SEARCH_LIMIT = { capacity: 60, refillPerSecond: 5 };
const LIMIT = "must be a whole number from 1 to 50";

const searchSchema = z.strictObject({
  query: z.string().trim().min(1, "must not be empty").max(2_000),
  limit: z.number(LIMIT).int(LIMIT).min(1, LIMIT).max(50, LIMIT).default(5),
  category: z.enum(KNOWLEDGE_CATEGORIES).optional(),
});

/**
 * `POST /search` asks the caller's own organization, which the membership decides. No parameter
 * names another.
 */
export function addSearchRoutes(
  app: Hono<AppEnvironment>,
  { ports, verifyUser }: RouteOptions,
): void {
  app.post("/search", async (context) => {
    const { orgId, body } = await authorize(context, { requests: ports.requests, verifyUser }, {
      operation: "knowledge_search",
      minimumRole: "member",
      rateLimit: SEARCH_LIMIT,
      body: async () => {
        parseQuery(NO_PARAMETERS, context, "search");
        return parseWith(searchSchema, await readJsonBody(context.req.raw), "search");
      },
    });
    const { query, limit, category } = body as z.infer<typeof searchSchema>;
    const { mode, hits } = await searchKnowledge(
      { ...ports, logger: context.var.logger as Logger },
      { org_id: orgId, query, limit, ...(category === undefined ? {} : { category }) },
    );
    context.header("cache-control", "no-store");
    return context.json({ mode, results: hits.map(describeHit), requestId: context.var.requestId });
  });
}

function describeHit(hit: KnowledgeHit) {
  return {
    documentId: hit.document_id,
    title: hit.title,
    category: hit.category,
    version: hit.version,
    chunkId: hit.chunk_id,
    headings: hit.heading_path,
    content: hit.content,
    snippet: hit.snippet,
    score: hit.score,
    /** How a person is told where it says so. */
    citation: [hit.title, ...hit.heading_path].join(" › "),
  };
}

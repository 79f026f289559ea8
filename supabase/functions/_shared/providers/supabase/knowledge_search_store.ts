import * as z from "zod";
import type { KnowledgeSearchStore } from "../../ports_documents.ts";
import { KNOWLEDGE_CATEGORIES } from "../../ports_knowledge.ts";
import type { Database } from "./create_database.ts";

const found = z.object({
  code: z.literal("found"),
  mode: z.enum(["hybrid", "text"]),
  model: z.string().nullable(),
  hits: z.array(z.object({
    document_id: z.string(),
    title: z.string(),
    category: z.enum(KNOWLEDGE_CATEGORIES),
    version: z.number(),
    chunk_id: z.string(),
    heading_path: z.array(z.string()),
    content: z.string(),
    snippet: z.string(),
    score: z.number(),
  })),
});

export function createKnowledgeSearchStore(database: Database): KnowledgeSearchStore {
  return {
    searchKnowledge: (input, { signal } = {}) =>
      database.callFunction("search_knowledge", input, found, {
        idempotent: true,
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}

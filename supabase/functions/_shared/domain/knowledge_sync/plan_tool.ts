import { canonicalJson } from "../sync_plan/canonical_json.ts";
import type { KnowledgeCategory } from "../../ports_knowledge.ts";
import { findServing } from "./find_serving.ts";
import type { KnowledgeFile, VapiTool, WantedDocument } from "../../ports_knowledge_sync.ts";

/** What a model chooses a knowledge base by; under Vapi's 1,000 characters. */
const DESCRIPTIONS: { [Category in KnowledgeCategory]: string } = {
  products_services: "The organization's products and services: what they are, for whom, prices.",
  operations: "How the organization works: opening hours, places, bookings, deliveries, payments.",
  ai_guidelines: "How to answer people: tone, rules, what may be said and promised and what not.",
  general: "Everything else about the organization.",
};
const CATEGORIES = Object.keys(DESCRIPTIONS) as KnowledgeCategory[];

export type ToolBody = {
  function: { name: string };
  knowledgeBases: { provider: "google"; name: string; description: string; fileIds: string[] }[];
};

/**
 * The query tool over the files that answer for the documents, one knowledge base a category; null
 * where there are none. The order is the same for the same files.
 */
export function renderTool(
  { orgId, toolName, documents, files }: {
    orgId: string;
    toolName: string;
    documents: readonly WantedDocument[];
    files: readonly KnowledgeFile[];
  },
): ToolBody | null {
  const serving = findServing(documents, files);
  const knowledgeBases = CATEGORIES.flatMap((category) => {
    const fileIds = [
      ...new Set(
        documents.filter((document) => document.category === category)
          .flatMap(({ id }) => serving.get(id)?.vapi_file_id ?? []),
      ),
    ].toSorted();
    return fileIds.length === 0 ? [] : [{
      provider: "google" as const,
      name: nameKnowledgeBase(orgId, category),
      description: DESCRIPTIONS[category],
      fileIds,
    }];
  });
  return knowledgeBases.length === 0 ? null : { function: { name: toolName }, knowledgeBases };
}

/** What a tool's hash is made of. */
export function describeTool(body: ToolBody): string {
  return canonicalJson(body);
}

/**
 * Our tool among those of an account, and others of ours that came of lost answers. A tool has no
 * metadata: the names of its knowledge bases say whose it is. One of the same name that nobody marked
 * is taken over; of several everybody chooses the oldest.
 */
export function chooseTool(
  tools: readonly VapiTool[],
  { orgId, toolName }: { orgId: string; toolName: string },
): { tool: VapiTool | null; duplicates: VapiTool[] } {
  const queries = tools.filter(({ type }) => type === "query").toSorted((left, right) =>
    Date.parse(left.createdAt) - Date.parse(right.createdAt) || (left.id < right.id ? -1 : 1)
  );
  const [ours, ...duplicates] = queries.filter((tool) => isMarked(tool, orgId));
  if (ours !== undefined) return { tool: ours, duplicates };
  const unmarked = queries.find((tool) =>
    tool.name === toolName && !tool.knowledgeBases.some(({ name }) => MARK.test(name))
  );
  return { tool: unmarked ?? null, duplicates: [] };
}

/** Whether the tool there has what it was given. */
export function isToolInStep(tool: VapiTool, body: ToolBody): boolean {
  const describe = (bases: VapiTool["knowledgeBases"]) =>
    JSON.stringify(bases.map(({ name, fileIds }) => [name, fileIds.toSorted()]));
  return tool.name === body.function.name &&
    describe(tool.knowledgeBases) === describe(body.knowledgeBases);
}

const MARK = / \([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\)$/;

function nameKnowledgeBase(orgId: string, category: KnowledgeCategory): string {
  return `${category} (${orgId})`;
}

function isMarked(tool: VapiTool, orgId: string): boolean {
  return tool.knowledgeBases.some(({ name }) => name.endsWith(` (${orgId})`));
}

import type { DocumentStore, PageCursor } from "../ports_documents.ts";
import type { KnowledgeCategory } from "../ports_knowledge.ts";
import type { JsonObject } from "../ports.ts";
import { describeDocument, type DocumentView } from "./describe_document.ts";
import { noSuchDocument } from "./update_document.ts";

export type DocumentList = {
  /** Newest first. */
  documents: DocumentView[];
  next: PageCursor | null;
};

export async function listDocuments(
  { documents }: { documents: Pick<DocumentStore, "listDocuments"> },
  { orgId, limit, before, category }: {
    orgId: string;
    limit: number;
    before: PageCursor | null;
    category: KnowledgeCategory | null;
  },
): Promise<DocumentList> {
  const listed = await documents.listDocuments({ org_id: orgId, limit, before, category });
  return { documents: listed.documents.map(describeDocument), next: listed.next };
}

/** One document with its text, which is null while its first version is prepared. @throws AppError `not_found` */
export async function readDocument(
  { documents }: { documents: Pick<DocumentStore, "readDocument"> },
  { orgId, id }: { orgId: string; id: string },
): Promise<DocumentView & { content: string | null }> {
  const read = await documents.readDocument({ org_id: orgId, id });
  if (read.code === "not_found") throw noSuchDocument("read", id);
  return { ...describeDocument(read.document), content: read.content };
}

export type DocumentHistory = {
  id: string;
  /** Newest first. */
  changes: {
    id: string;
    action: string;
    actor: string;
    actorEmail: string | null;
    version: number | null;
    hashBefore: string | null;
    hashAfter: string | null;
    changed: JsonObject;
    error: string | null;
    requestId: string | null;
    createdAt: string;
  }[];
  next: PageCursor | null;
};

/** Who did what to a document, also to one that is deleted. @throws AppError `not_found` */
export async function readDocumentHistory(
  { documents }: { documents: Pick<DocumentStore, "readHistory"> },
  { orgId, id, limit, before }: {
    orgId: string;
    id: string;
    limit: number;
    before: PageCursor | null;
  },
): Promise<DocumentHistory> {
  const read = await documents.readHistory({ org_id: orgId, id, limit, before });
  if (read.code === "not_found") throw noSuchDocument("read", id);
  const changes = read.changes.map((entry) => ({
    id: entry.id,
    action: entry.action,
    actor: entry.actor,
    actorEmail: entry.actor_email,
    version: entry.version,
    hashBefore: entry.hash_before,
    hashAfter: entry.hash_after,
    changed: entry.changed,
    error: entry.error,
    requestId: entry.request_id,
    createdAt: entry.created_at,
  }));
  return { id, changes, next: read.next };
}

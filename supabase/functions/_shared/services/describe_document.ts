import type { DocumentRow } from "../ports_documents.ts";

/** A document as a dashboard sees it. */
export type DocumentView = {
  id: string;
  title: string;
  category: DocumentRow["category"];
  language: string;
  source: DocumentRow["source"];
  sourceAddress: string | null;
  fileName: string | null;
  active: boolean;
  state: DocumentRow["state"];
  /** The one that is searchable; null while the first is prepared. */
  version: number | null;
  /** The version on its way to be searchable, and how far it is read. */
  preparing: { version: number; pagesRead: number; pageCount: number | null } | null;
  bytes: number | null;
  contentHash: string | null;
  chunks: number;
  /** `none`: no model makes vectors, and searches find it by its words alone. */
  embeddingStatus: DocumentRow["embedding_status"];
  embeddingModel: string | null;
  /** Why the newest version could not be prepared. */
  error: { code: string; detail: string | null } | null;
  revision: number;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
};

export function describeDocument(row: DocumentRow): DocumentView {
  return {
    id: row.id,
    title: row.title,
    category: row.category,
    language: row.language,
    source: row.source,
    sourceAddress: row.source_address,
    fileName: row.file_name,
    active: row.active,
    state: row.state,
    version: row.version,
    preparing: row.preparing && {
      version: row.preparing.version,
      pagesRead: row.preparing.next_page === null
        ? row.preparing.page_count ?? 0
        : row.preparing.next_page - 1,
      pageCount: row.preparing.page_count,
    },
    bytes: row.bytes,
    contentHash: row.content_hash,
    chunks: row.chunk_count,
    embeddingStatus: row.embedding_status,
    embeddingModel: row.embedding_model,
    error: row.error_code === null ? null : { code: row.error_code, detail: row.error },
    revision: row.revision,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

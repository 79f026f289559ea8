/** What documents need from the outside: their rows, their files and their vectors. */

import type { JsonObject } from "./ports.ts";
import type { KnowledgeCategory, KnowledgeHit } from "./ports_knowledge.ts";

export type DocumentSource = "text" | "file" | "storage" | "url";

export type DocumentRow = {
  id: string;
  title: string;
  category: KnowledgeCategory;
  language: string;
  source: DocumentSource;
  source_address: string | null;
  file_name: string | null;
  active: boolean;
  state: "queued" | "indexed" | "failed" | "deleted";
  /** The one that is searchable; null while the first is prepared. */
  version: number | null;
  bytes: number | null;
  content_hash: string | null;
  chunk_count: number;
  embedding_status: "none" | "queued" | "embedded" | "failed";
  embedding_model: string | null;
  /** Why its newest version isn't searchable. */
  error_code: string | null;
  error: string | null;
  revision: number;
  created_by: string;
  created_at: string;
  updated_at: string;
  preparing: { version: number; next_page: number | null; page_count: number | null } | null;
};

export type IndexedChunk = {
  position: number;
  heading_path: string[];
  content: string;
  from: number;
  to: number;
  /** Of what is embedded: SHA-256, in hexadecimal. */
  content_hash: string;
};

/** A text cut into its chunks, ready to be searchable. */
export type PreparedText = { content: string; content_hash: string; chunks: IndexedChunk[] };

type VersionOrigin = {
  source: DocumentSource;
  source_address: string | null;
  file_name: string | null;
  mime_type: string | null;
  /** Of the file's bytes. */
  source_hash: string | null;
};
export type VersionInput =
  & VersionOrigin
  & (
    | (PreparedText & { embed: boolean })
    /** Read up to `next_page` so far; the rest from Storage, by the worker. */
    | { next_page: number; page_count: number; read: string; storage_path: string | null }
  );

export type DocumentChanges = {
  title?: string;
  category?: KnowledgeCategory;
  language?: string;
  active?: boolean;
};

type Asker = { org_id: string; user_id: string; request_id: string };
export type PageCursor = { created_at: string; id: string };

export type DocumentStore = {
  createDocument(
    input: Asker & {
      /** The caller's choice, so that a repeated call finds what it made. */
      id: string;
      title: string;
      category: KnowledgeCategory;
      language: string | null;
      active: boolean;
      version: VersionInput;
    },
  ): Promise<
    | { code: "created"; document: DocumentRow; upload_to: string | null }
    | { code: "duplicate"; document: DocumentRow }
    | { code: "too_many"; limit: number }
  >;
  updateDocument(
    input: Asker & {
      id: string;
      if_match: number | null;
      changes: DocumentChanges;
      version: VersionInput | null;
    },
  ): Promise<
    | { code: "updated"; document: DocumentRow; upload_to: string | null; changed: boolean }
    | { code: "not_found" }
    | { code: "revision_mismatch"; revision: number }
    | { code: "duplicate"; document: DocumentRow }
  >;
  deleteDocument(input: Asker & { id: string; if_match: number | null }): Promise<
    { code: "deleted" } | { code: "not_found" } | { code: "revision_mismatch"; revision: number }
  >;
  /** Newest first. */
  listDocuments(input: {
    org_id: string;
    limit: number;
    before: PageCursor | null;
    category: KnowledgeCategory | null;
  }): Promise<{ documents: DocumentRow[]; next: PageCursor | null }>;
  readDocument(input: { org_id: string; id: string }): Promise<
    { code: "read"; document: DocumentRow; content: string | null } | { code: "not_found" }
  >;
  readHistory(
    input: { org_id: string; id: string; limit: number; before: PageCursor | null },
  ): Promise<
    { code: "read"; changes: DocumentChange[]; next: PageCursor | null } | { code: "not_found" }
  >;
  recordUpload(
    input: Asker & {
      document_id: string;
      version: number;
      outcome: "uploaded" | "failed";
      error: string | null;
    },
  ): Promise<{ code: "recorded" | "gone" }>;
};

export type DocumentChange = {
  id: string;
  action: "created" | "updated" | "queued" | "indexed" | "failed" | "deleted";
  actor: string;
  actor_email: string | null;
  version: number | null;
  hash_before: string | null;
  hash_after: string | null;
  changed: JsonObject;
  error: string | null;
  request_id: string | null;
  created_at: string;
};

export type VersionName = { org_id: string; document_id: string; version: number };

/** What the worker does with versions that wait to be read; each answers `gone` for one that nobody wants. */
export type PreparationStore = {
  readVersion(input: VersionName): Promise<
    | {
      code: "read";
      storage_path: string;
      file_name: string | null;
      mime_type: string | null;
      next_page: number | null;
      content: string;
    }
    | { code: "gone" }
  >;
  recordPages(
    input: VersionName & {
      first_page: number;
      next_page: number | null;
      page_count: number;
      /** Everything read so far. */
      content: string;
    },
  ): Promise<{ code: "recorded" | "gone" }>;
  indexVersion(input: VersionName & PreparedText & { embed: boolean }): Promise<
    { code: "indexed" } | { code: "gone" } | { code: "duplicate" }
  >;
  failVersion(
    input: VersionName & { error_code: string; error: string },
  ): Promise<{ code: "recorded" | "gone" }>;
  listLeftovers(input: { limit: number }): Promise<(VersionName & { storage_path: string })[]>;
  forgetLeftovers(input: { files: VersionName[] }): Promise<void>;
};

export type EmbeddingStore = {
  /** Documents without complete vectors of this model are queued. */
  wantModel(input: { model: string | null }): Promise<{ count: number }>;
  readTexts(
    input: { org_id: string; document_id: string; model: string; limit: number },
  ): Promise<
    | {
      code: "texts";
      texts: { chunk_id: string; content_hash: string; heading_path: string[]; content: string }[];
    }
    | { code: "embedded" }
    | { code: "gone" }
  >;
  storeEmbeddings(input: {
    org_id: string;
    document_id: string;
    model: string;
    /** `embedding` as pgvector writes it: `[0.1,…]`. */
    vectors: { chunk_id: string; content_hash: string; embedding: string }[];
  }): Promise<void>;
};

export type KnowledgeSearchStore = {
  searchKnowledge(
    input: {
      org_id: string;
      query: string;
      limit: number;
      category: KnowledgeCategory | null;
      except_category: KnowledgeCategory | null;
      vector: string | null;
      model: string | null;
    },
    options?: { signal?: AbortSignal },
  ): Promise<{
    mode: "hybrid" | "text";
    /** Whose vectors serve: another than the question's while documents are embedded anew. */
    model: string | null;
    hits: KnowledgeHit[];
  }>;
};

export type DocumentStorage = {
  /** Overwrites: an upload that was interrupted is done again. @throws AppError `provider_failed` */
  upload(path: string, bytes: Uint8Array, options: { contentType: string }): Promise<void>;
  /**
   * @throws AppError `not_found`, `payload_too_large` as soon as `maxBytes` are exceeded, `provider_failed`
   */
  download(
    path: string,
    options: { maxBytes: number },
  ): Promise<{ bytes: Uint8Array; mime_type: string | null }>;
  /** What isn't there is no error. */
  remove(paths: string[]): Promise<void>;
};

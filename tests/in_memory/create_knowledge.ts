import { AppError } from "../../supabase/functions/_shared/errors.ts";
import type {
  DocumentRow,
  DocumentStorage,
  DocumentStore,
  EmbeddingStore,
  KnowledgeSearchStore,
  PreparationStore,
  VersionInput,
} from "../../supabase/functions/_shared/ports_documents.ts";
import type { TextExtractor } from "../../supabase/functions/_shared/ports_knowledge.ts";
import type { KnowledgeJobPorts } from "../../supabase/functions/_shared/services/jobs/job.ts";
import { createMemoryLogger } from "./create_memory_logger.ts";

type Stored = {
  org_id: string;
  row: DocumentRow;
  content: string | null;
  upload_to: string | null;
};

/** Documents in memory, with the refusals of the real store and none of its searching. */
export function createKnowledge() {
  const stored = new Map<string, Stored>();
  const files = new Map<string, Uint8Array>();
  const find = (org_id: string, id: string) => {
    const found = stored.get(id);
    return found?.org_id === org_id && found.row.state !== "deleted" ? found : undefined;
  };
  const withContent = (org_id: string, version: VersionInput | null, except?: string) =>
    [...stored.values()].find(({ row, ...other }) =>
      version !== null && "content_hash" in version && other.org_id === org_id &&
      row.id !== except && row.content_hash === version.content_hash
    )?.row;

  const apply = (document: Stored, version: VersionInput) => {
    const { row } = document;
    const number = (row.preparing?.version ?? row.version ?? 0) + 1;
    if ("chunks" in version) {
      document.content = version.content;
      Object.assign(row, { version: number, preparing: null, state: "indexed" });
      row.content_hash = version.content_hash;
      row.chunk_count = version.chunks.length;
      return null;
    }
    const { next_page, page_count } = version;
    row.preparing = { version: number, next_page, page_count };
    document.upload_to = version.storage_path ?? `${document.org_id}/${row.id}/${number}`;
    return version.storage_path === null ? document.upload_to : null;
  };

  const documents: DocumentStore = {
    createDocument(input) {
      const same = withContent(input.org_id, input.version);
      if (same !== undefined) return Promise.resolve({ code: "duplicate", document: same });
      const { id, title, category, language, active, user_id, version } = input;
      const now = new Date().toISOString();
      const row: DocumentRow = {
        ...{ id, title, category, active, language: language ?? "en", source: version.source },
        ...{ source_address: version.source_address, file_name: version.file_name },
        ...{ state: "queued", version: null, bytes: null, content_hash: null, chunk_count: 0 },
        ...{ embedding_status: "none", embedding_model: null, error_code: null, error: null },
        ...{ revision: 1, created_by: user_id, created_at: now, updated_at: now, preparing: null },
      };
      const document = { org_id: input.org_id, row, content: null, upload_to: null };
      stored.set(id, document);
      return Promise.resolve({
        code: "created",
        upload_to: apply(document, version),
        document: row,
      });
    },
    updateDocument({ org_id, id, if_match, changes, version }) {
      const document = find(org_id, id);
      if (document === undefined) return Promise.resolve({ code: "not_found" });
      const { row } = document;
      if (if_match !== null && if_match !== row.revision) {
        return Promise.resolve({ code: "revision_mismatch", revision: row.revision });
      }
      const same = withContent(org_id, version, id);
      if (same !== undefined) return Promise.resolve({ code: "duplicate", document: same });
      Object.assign(row, changes, { revision: row.revision + 1 });
      const upload_to = version === null ? null : apply(document, version);
      return Promise.resolve({ code: "updated", document: row, upload_to, changed: true });
    },
    deleteDocument({ org_id, id, if_match }) {
      const document = find(org_id, id);
      if (document === undefined) return Promise.resolve({ code: "not_found" });
      if (if_match !== null && if_match !== document.row.revision) {
        return Promise.resolve({ code: "revision_mismatch", revision: document.row.revision });
      }
      Object.assign(document.row, { state: "deleted", content_hash: null });
      return Promise.resolve({ code: "deleted" });
    },
    listDocuments({ org_id, limit }) {
      const own = [...stored.values()].filter((one) => find(org_id, one.row.id) !== undefined);
      const page = own.reverse().slice(0, limit).map(({ row }) => row);
      const last = page.at(-1);
      const next = own.length > limit && last !== undefined
        ? { created_at: last.created_at, id: last.id }
        : null;
      return Promise.resolve({ documents: page, next });
    },
    readDocument({ org_id, id }) {
      const document = find(org_id, id);
      return Promise.resolve(
        document === undefined
          ? { code: "not_found" }
          : { code: "read", document: document.row, content: document.content },
      );
    },
    readHistory({ org_id, id }) {
      const known = stored.get(id)?.org_id === org_id;
      return Promise.resolve(
        known ? { code: "read", changes: [], next: null } : { code: "not_found" },
      );
    },
    recordUpload: () => Promise.resolve({ code: "recorded" }),
  };

  const storage: DocumentStorage = {
    upload(path, bytes) {
      files.set(path, bytes);
      return Promise.resolve();
    },
    download(path) {
      const bytes = files.get(path);
      return bytes === undefined
        ? Promise.reject(new AppError("not_found", `Cannot fetch "${path}": there is no such file`))
        : Promise.resolve({ bytes, mime_type: null });
    },
    remove(paths) {
      for (const path of paths) files.delete(path);
      return Promise.resolve();
    },
  };

  /** A form feed ends a page; two are read at a time. "broken" is what can't be read. */
  const extractor: TextExtractor = {
    extractPages({ bytes, file_name }, { first_page }) {
      const all = new TextDecoder().decode(bytes).split("\f");
      if (all.includes("broken")) {
        return Promise.reject(
          new AppError("unreadable", `Cannot read "${file_name}": it is broken`),
        );
      }
      const end = Math.min(first_page + 1, all.length);
      return Promise.resolve({
        pages: all.slice(first_page - 1, end),
        first_page,
        page_count: all.length,
        next_page: end === all.length ? null : end + 1,
      });
    },
  };

  const search: KnowledgeSearchStore = {
    searchKnowledge: ({ org_id, query, limit }) =>
      Promise.resolve({
        mode: "text",
        model: null,
        hits: [...stored.values()]
          .filter(({ row, content }) =>
            find(org_id, row.id) !== undefined && content?.includes(query) === true
          )
          .slice(0, limit)
          .map(({ row, content }) => ({
            ...{ document_id: row.id, title: row.title, category: row.category },
            ...{ version: row.version ?? 0, chunk_id: row.id, heading_path: ["Part"] },
            ...{ content: content!, snippet: `«${query}»`, score: 1 },
          })),
      }),
  };
  return { stored, files, documents, storage, extractor, search };
}

/** Ports of jobs on documents where nothing waits. */
export function createKnowledgeJobPorts(): KnowledgeJobPorts {
  const { storage, extractor } = createKnowledge();
  const preparation: PreparationStore = {
    readVersion: () => Promise.resolve({ code: "gone" }),
    recordPages: () => Promise.resolve({ code: "gone" }),
    indexVersion: () => Promise.resolve({ code: "gone" }),
    failVersion: () => Promise.resolve({ code: "gone" }),
    listLeftovers: () => Promise.resolve([]),
    forgetLeftovers: () => Promise.resolve(),
  };
  const embeddings: EmbeddingStore = {
    wantModel: () => Promise.resolve({ count: 0 }),
    readTexts: () => Promise.resolve({ code: "gone" }),
    storeEmbeddings: () => Promise.resolve(),
  };
  const logger = createMemoryLogger();
  return { preparation, embeddings, storage, extractor, embeds: false, embedder: null, logger };
}

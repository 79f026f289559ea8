import * as z from "zod";
import type { DocumentStore } from "../../ports_documents.ts";
import { KNOWLEDGE_CATEGORIES } from "../../ports_knowledge.ts";
import type { Database } from "./create_database.ts";
import { jsonObject, onlyCode } from "./rows.ts";

const document = z.object({
  id: z.string(),
  title: z.string(),
  category: z.enum(KNOWLEDGE_CATEGORIES),
  language: z.string(),
  source: z.enum(["text", "file", "storage", "url"]),
  source_address: z.string().nullable(),
  file_name: z.string().nullable(),
  active: z.boolean(),
  state: z.enum(["queued", "indexed", "failed", "deleted"]),
  version: z.number().nullable(),
  bytes: z.number().nullable(),
  content_hash: z.string().nullable(),
  chunk_count: z.number(),
  embedding_status: z.enum(["none", "queued", "embedded", "failed"]),
  embedding_model: z.string().nullable(),
  error_code: z.string().nullable(),
  error: z.string().nullable(),
  revision: z.number(),
  created_by: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
  preparing: z.object({
    version: z.number(),
    next_page: z.number().nullable(),
    page_count: z.number().nullable(),
  }).nullable(),
});
const duplicate = z.object({ code: z.literal("duplicate"), document });
const mismatch = z.object({ code: z.literal("revision_mismatch"), revision: z.number() });
const cursor = z.object({ created_at: z.string(), id: z.string() });
const uploadTo = z.string().nullable();
const created = z.discriminatedUnion("code", [
  z.object({ code: z.literal("created"), document, upload_to: uploadTo }),
  duplicate,
  z.object({ code: z.literal("too_many"), limit: z.number() }),
]);
const updated = z.discriminatedUnion("code", [
  z.object({ code: z.literal("updated"), document, upload_to: uploadTo, changed: z.boolean() }),
  onlyCode("not_found"),
  mismatch,
  duplicate,
]);
const deleted = z.discriminatedUnion("code", [onlyCode("deleted", "not_found"), mismatch]);
const listed = z.object({
  code: z.literal("listed"),
  documents: z.array(document),
  next: cursor.nullable(),
});
const read = z.discriminatedUnion("code", [
  z.object({ code: z.literal("read"), document, content: z.string().nullable() }),
  onlyCode("not_found"),
]);
const history = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("read"),
    changes: z.array(z.object({
      id: z.string(),
      action: z.enum(["created", "updated", "queued", "indexed", "failed", "deleted"]),
      actor: z.string(),
      actor_email: z.string().nullable(),
      version: z.number().nullable(),
      hash_before: z.string().nullable(),
      hash_after: z.string().nullable(),
      changed: jsonObject,
      error: z.string().nullable(),
      request_id: z.string().nullable(),
      created_at: z.string(),
    })),
    next: cursor.nullable(),
  }),
  onlyCode("not_found"),
]);

/** A change with `if_match` is never repeated by itself: it would refuse its own revision. */
export function createDocumentStore(database: Database): DocumentStore {
  const idempotent = true;
  return {
    createDocument: (input) =>
      database.callFunction("create_knowledge_document", input, created, { idempotent }),

    updateDocument: (input) =>
      database.callFunction("update_knowledge_document", input, updated, {
        idempotent: input.if_match === null,
      }),

    // The second call would find nothing to delete.
    deleteDocument: (input) => database.callFunction("delete_knowledge_document", input, deleted),

    listDocuments: (input) =>
      database.callFunction("list_knowledge_documents", input, listed, { idempotent }),

    readDocument: (input) =>
      database.callFunction("read_knowledge_document", input, read, { idempotent }),

    readHistory: (input) =>
      database.callFunction("read_knowledge_history", input, history, { idempotent }),

    recordUpload: (input) =>
      database.callFunction("record_knowledge_upload", input, onlyCode("recorded", "gone"), {
        idempotent,
      }),
  };
}

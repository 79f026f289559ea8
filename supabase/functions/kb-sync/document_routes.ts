import type { Hono } from "hono";
import { AppError } from "../_shared/errors.ts";
import type { AppContext, AppEnvironment } from "../_shared/http/context.ts";
import { NO_PARAMETERS, parseQuery } from "../_shared/http/parse_query.ts";
import { createDocument } from "../_shared/services/create_document.ts";
import { deleteDocument } from "../_shared/services/delete_document.ts";
import type { DocumentView } from "../_shared/services/describe_document.ts";
import {
  listDocuments,
  readDocument,
  readDocumentHistory,
} from "../_shared/services/read_documents.ts";
import { updateDocument } from "../_shared/services/update_document.ts";
import { answerChange, answerRead, type RouteOptions } from "./answer.ts";
import { isForm, readDocumentBody } from "./read_document_body.ts";
import {
  historySchema,
  listSchema,
  readDocumentId,
  readIfMatch,
  writeCursor,
} from "./read_parameters.ts";

/**
 * `GET` and `POST /documents`; `GET`, `PATCH` and `DELETE /documents/:id`; its history. 202 says that
 * the worker still reads what was sent.
 */
export function addDocumentRoutes(app: Hono<AppEnvironment>, options: RouteOptions): void {
  const { ports } = options;

  app.get("/documents", (context) =>
    answerRead(context, options, {
      action: "list the documents",
      query: listSchema,
      work: async (orgId, { limit, cursor = null, category = null }) => {
        const list = await listDocuments(ports, { orgId, limit, before: cursor, category });
        return { documents: list.documents, nextCursor: writeCursor(list.next) };
      },
    }));

  app.post("/documents", (context) =>
    answerChange(context, options, {
      operation: "knowledge_create",
      isUpload: isForm(context.req.raw),
      read: () => readBody(context, "create the document"),
      work: async ({ changes, content }, asker) => {
        if (content === null) throw missingContent();
        const { title = null, category = "general", language = null, active = true } = changes;
        if (title === null && content.kind === "text") throw missingTitle();
        const input = { ...asker, title, category, language, active, content };
        const { document, duplicate } = await createDocument(ports, input);
        const status = duplicate ? 200 : isReady(document) ? 201 : 202;
        return { status, body: { success: true, document, duplicate } };
      },
    }));

  app.get("/documents/:id", (context) =>
    answerRead(context, options, {
      action: "read the document",
      query: NO_PARAMETERS,
      work: async (orgId) => ({
        document: await readDocument(ports, { orgId, id: readDocumentId(context) }),
      }),
    }));

  app.patch("/documents/:id", (context) =>
    answerChange(context, options, {
      operation: "knowledge_update",
      isUpload: isForm(context.req.raw),
      read: () => readBody(context, "change the document"),
      work: async (input, asker) => {
        const name = { ...asker, id: readDocumentId(context), ifMatch: readIfMatch(context) };
        const { document, changed } = await updateDocument(ports, { ...name, ...input });
        const status = isReady(document) ? 200 : 202;
        return { status, body: { success: true, document, changed } };
      },
    }));

  app.delete("/documents/:id", (context) =>
    answerChange(context, options, {
      operation: "knowledge_delete",
      read: () => {
        parseQuery(NO_PARAMETERS, context, "delete the document");
        return Promise.resolve({ input: null, hashed: null });
      },
      work: async (_, asker) => {
        const name = { ...asker, id: readDocumentId(context), ifMatch: readIfMatch(context) };
        return { body: { success: true, ...await deleteDocument(ports, name) } };
      },
    }));

  app.get("/documents/:id/history", (context) =>
    answerRead(context, options, {
      action: "read the document's history",
      query: historySchema,
      work: async (orgId, { limit, cursor = null }) => {
        const page = { orgId, id: readDocumentId(context), limit, before: cursor };
        const { next, ...history } = await readDocumentHistory(ports, page);
        return { ...history, nextCursor: writeCursor(next) };
      },
    }));
}

function readBody(context: AppContext, action: string) {
  parseQuery(NO_PARAMETERS, context, action);
  return readDocumentBody(context.req.raw, action);
}

function isReady({ preparing }: DocumentView): boolean {
  return preparing === null;
}

function missingContent(): AppError {
  return new AppError("invalid_input", "Cannot create the document: it has no content", {
    errors: [{
      field: "text",
      detail: "is required, or storage_path, or url, or a file in a form",
    }],
  });
}

function missingTitle(): AppError {
  return new AppError("invalid_input", "Cannot create the document: title is required", {
    errors: [{ field: "title", detail: "is required" }],
  });
}

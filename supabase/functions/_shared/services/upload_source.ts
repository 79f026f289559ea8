import { AppError } from "../errors.ts";
import type { DocumentRow, DocumentStorage, DocumentStore } from "../ports_documents.ts";
import type { TextSource } from "../ports_knowledge.ts";

/**
 * Puts a file where the worker goes on reading it. Its version's row is there already: should this
 * process die, the worker gives the version up.
 * @throws AppError `provider_failed` where Storage doesn't take it; the version is given up
 */
export async function uploadSource(
  { documents, storage }: {
    documents: Pick<DocumentStore, "recordUpload">;
    storage: DocumentStorage;
  },
  { orgId, userId, requestId, document, path, file }: {
    orgId: string;
    userId: string;
    requestId: string;
    document: DocumentRow;
    path: string;
    file: TextSource;
  },
): Promise<void> {
  const version = document.preparing?.version;
  // Somebody's newer version came in this very moment.
  if (version === undefined) return;
  const name = {
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    document_id: document.id,
    version,
  };
  try {
    const contentType = file.mime_type ?? "application/octet-stream";
    await storage.upload(path, file.bytes, { contentType });
  } catch (error) {
    const reason = error instanceof AppError ? error.message : "The upload failed";
    await documents.recordUpload({ ...name, outcome: "failed", error: reason });
    throw error;
  }
  const { code } = await documents.recordUpload({ ...name, outcome: "uploaded", error: null });
  // Deleted or overtaken meanwhile: its cleaning may be over already.
  if (code === "gone") await storage.remove([path]);
}

import { AppError } from "../errors.ts";
import type { DocumentChanges } from "../ports_documents.ts";
import type { DocumentPorts } from "./create_document.ts";
import { describeDocument, type DocumentView } from "./describe_document.ts";
import { type ContentInput, openSource } from "./open_source.ts";
import { uploadSource } from "./upload_source.ts";

export type UpdatedDocument = { document: DocumentView; changed: boolean };

/**
 * Changes a document. A new text becomes a version of its own that takes the old one's place at
 * once, when it is ready; until then the old one is found.
 * @throws AppError `not_found`, `precondition_failed` for a revision that has passed, `conflict`
 *   where another document has the same content, and what `openSource` and `uploadSource` throw
 */
export async function updateDocument(
  ports: DocumentPorts,
  { orgId, userId, requestId, id, ifMatch, changes, content }: {
    orgId: string;
    userId: string;
    requestId: string;
    id: string;
    ifMatch: number | null;
    changes: DocumentChanges;
    content: ContentInput | null;
  },
): Promise<UpdatedDocument> {
  const opened = content === null ? null : await openSource(ports, { orgId, content });
  const updated = await ports.documents.updateDocument({
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    id,
    if_match: ifMatch,
    changes,
    version: opened?.version ?? null,
  });
  switch (updated.code) {
    case "not_found":
      throw noSuchDocument("change", id);
    case "revision_mismatch":
      throw passedRevision("change", updated.revision);
    case "duplicate":
      throw new AppError(
        "conflict",
        `Cannot change the document: "${updated.document.title}" has the same content`,
        { extensions: { documentId: updated.document.id } },
      );
    case "updated": {
      const { document, upload_to, changed } = updated;
      const file = opened?.file ?? null;
      if (upload_to !== null && file !== null) {
        await uploadSource(ports, { orgId, userId, requestId, document, path: upload_to, file });
      }
      return { document: describeDocument(document), changed };
    }
  }
}

export function noSuchDocument(action: string, id: string): AppError {
  return new AppError("not_found", `Cannot ${action} "${id}": there is no such document`);
}

export function passedRevision(action: string, revision: number): AppError {
  return new AppError(
    "precondition_failed",
    `Cannot ${action} the document: it is at revision ${revision} by now`,
    { extensions: { revision } },
  );
}

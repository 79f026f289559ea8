import type { DocumentStore } from "../ports_documents.ts";
import { noSuchDocument, passedRevision } from "./update_document.ts";

/**
 * Takes a document out of every search, at once. Its files, here and at Vapi, follow by the worker.
 * @throws AppError `not_found`, `precondition_failed`
 */
export async function deleteDocument(
  { documents }: { documents: Pick<DocumentStore, "deleteDocument"> },
  { orgId, userId, requestId, id, ifMatch }: {
    orgId: string;
    userId: string;
    requestId: string;
    id: string;
    ifMatch: number | null;
  },
): Promise<{ id: string; deleted: true }> {
  const result = await documents.deleteDocument({
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    id,
    if_match: ifMatch,
  });
  if (result.code === "not_found") throw noSuchDocument("delete", id);
  if (result.code === "revision_mismatch") throw passedRevision("delete", result.revision);
  return { id, deleted: true };
}

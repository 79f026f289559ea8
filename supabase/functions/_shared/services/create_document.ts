import { AppError } from "../errors.ts";
import type { DocumentStore } from "../ports_documents.ts";
import type { KnowledgeCategory } from "../ports_knowledge.ts";
import { describeDocument, type DocumentView } from "./describe_document.ts";
import { type ContentInput, openSource, type SourcePorts } from "./open_source.ts";
import { uploadSource } from "./upload_source.ts";

export type DocumentPorts = SourcePorts & { documents: DocumentStore; createId: () => string };

export type CreatedDocument = {
  document: DocumentView;
  /** The organization had a document with this content already: this is it, as it was. */
  duplicate: boolean;
};

/**
 * Takes a document in. A text that could be read to its end is searchable when this returns; of the
 * rest the worker makes it so.
 * @throws AppError `conflict` where the organization has too many, and what `openSource` and
 *   `uploadSource` throw
 */
export async function createDocument(
  ports: DocumentPorts,
  { orgId, userId, requestId, title, category, language, active, content }: {
    orgId: string;
    userId: string;
    requestId: string;
    /** Without one the file's name or the address stands for it. */
    title: string | null;
    category: KnowledgeCategory;
    /** Null for the organization's own. */
    language: string | null;
    active: boolean;
    content: ContentInput;
  },
): Promise<CreatedDocument> {
  const { version, file } = await openSource(ports, { orgId, content });
  const created = await ports.documents.createDocument({
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    id: ports.createId(),
    title: title ?? nameDocument(version.file_name, content),
    category,
    language,
    active,
    version,
  });
  if (created.code === "too_many") {
    throw new AppError(
      "conflict",
      `Cannot create the document: the organization has ${created.limit} already, which is the most`,
    );
  }
  const { document } = created;
  if (created.code === "created" && created.upload_to !== null && file !== null) {
    const asker = { orgId, userId, requestId };
    await uploadSource(ports, { ...asker, document, path: created.upload_to, file });
  }
  return { document: describeDocument(document), duplicate: created.code === "duplicate" };
}

function nameDocument(fileName: string | null, content: ContentInput): string {
  const name = fileName?.replace(/\.[A-Za-z0-9]{1,5}$/, "").trim();
  const title = name || (content.kind === "url" ? content.url : "Untitled");
  return [...title].slice(0, 200).join("");
}

import type { KnowledgeFile, WantedDocument } from "../../ports_knowledge_sync.ts";

/** A file that a tool can name. */
export type ReadyFile = KnowledgeFile & { vapi_file_id: string };

/**
 * The file that answers for each document, by its id: its text's own, or the one before where that is
 * not ready. A document that has neither is left out.
 */
export function findServing(
  documents: readonly WantedDocument[],
  files: readonly KnowledgeFile[],
): Map<string, ReadyFile> {
  const ready = new Map(
    files.filter(isReady).map((file) => [file.content_hash, file] as const),
  );
  const serving = new Map<string, ReadyFile>();
  for (const { id, content_hash, served_hash } of documents) {
    const file = ready.get(content_hash) ?? ready.get(served_hash ?? "");
    if (file !== undefined) serving.set(id, file);
  }
  return serving;
}

function isReady(file: KnowledgeFile): file is ReadyFile {
  return file.state === "done" && file.vapi_file_id !== null;
}

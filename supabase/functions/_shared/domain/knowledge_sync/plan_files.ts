import type { KnowledgeFile, WantedDocument } from "../../ports_knowledge_sync.ts";

export type FilesPlan = {
  /** Contents that Vapi doesn't have yet. */
  upload: WantedDocument[];
  /** Failed before, and to be made anew: deleted before they are. */
  replace: KnowledgeFile[];
  /** Uploaded, not yet ready. */
  wait: KnowledgeFile[];
  keep: KnowledgeFile[];
  /** Nobody wants their content any more: deleted once no tool refers to them. */
  remove: KnowledgeFile[];
};

/**
 * What becomes of each file, by the hash of its content alone: a new title or an old version's number
 * is no reason to upload anything.
 * @param documents what is to be searchable; none where the phone is answered from our own index
 */
export function planFiles(
  documents: readonly WantedDocument[],
  files: readonly KnowledgeFile[],
  { retryFailed }: { retryFailed: boolean },
): FilesPlan {
  const byHash = new Map(files.map((file) => [file.content_hash, file]));
  const wanted = new Map(documents.map((document) => [document.content_hash, document]));
  const plan: FilesPlan = { upload: [], replace: [], wait: [], keep: [], remove: [] };
  for (const [hash, document] of wanted) {
    const file = byHash.get(hash);
    if (file === undefined || file.state === "intended") plan.upload.push(document);
    else if (file.state === "processing") plan.wait.push(file);
    else if (file.state === "done") plan.keep.push(file);
    else if (retryFailed) {
      plan.replace.push(file);
      plan.upload.push(document);
    }
  }
  plan.remove = files.filter(({ content_hash }) => !wanted.has(content_hash));
  return plan;
}

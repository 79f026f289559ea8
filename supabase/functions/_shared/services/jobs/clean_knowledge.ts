import type { Job, KnowledgeJobPorts } from "./job.ts";

const AT_ONCE = 100;

/** Removes uploads that no version is read from any more. Removing one twice does nothing. */
export const cleanKnowledge: Job<{ knowledge: KnowledgeJobPorts }> = async (
  { knowledge: { preparation, storage } },
) => {
  for (;;) {
    const files = await preparation.listLeftovers({ limit: AT_ONCE });
    if (files.length === 0) return;
    await storage.remove(files.map(({ storage_path }) => storage_path));
    await preparation.forgetLeftovers({
      files: files.map(({ org_id, document_id, version }) => ({ org_id, document_id, version })),
    });
    if (files.length < AT_ONCE) return;
  }
};

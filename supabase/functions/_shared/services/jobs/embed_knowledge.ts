import * as z from "zod";
import type { Clock } from "../../ports.ts";
import { embedDocument } from "../embed_document.ts";
import type { Job, KnowledgeJobPorts } from "./job.ts";

const MAX_MILLISECONDS = 20_000;
const payloadSchema = z.object({ document_id: z.uuid() });

/** Makes a document's vectors. What the time didn't suffice for is queued again, as it is still due. */
export const embedKnowledge: Job<{ knowledge: KnowledgeJobPorts; clock: Clock }> = async (
  { knowledge: { embeddings, embedder }, clock },
  { org_id, payload },
) => {
  const { document_id: documentId } = payloadSchema.parse(payload);
  if (org_id === null) throw new Error('Cannot embed a document: the job has no "org_id"');
  if (embedder === null) return;
  const limits = { orgId: org_id, documentId, maxMilliseconds: MAX_MILLISECONDS };
  await embedDocument({ embeddings, embedder, clock }, limits);
};

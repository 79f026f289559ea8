import * as z from "zod";
import { prepareVersion } from "../prepare_version.ts";
import type { Job, KnowledgeJobPorts } from "./job.ts";

const payloadSchema = z.object({ document_id: z.uuid(), version: z.number() });

/** Reads a stretch of an uploaded document's pages, the last of which makes it searchable. */
export const prepareKnowledge: Job<{ knowledge: KnowledgeJobPorts }> = async (
  { knowledge },
  { org_id, payload },
) => {
  const name = payloadSchema.parse(payload);
  if (org_id === null) throw new Error('Cannot prepare a document: the job has no "org_id"');
  await prepareVersion(knowledge, { org_id, ...name });
};

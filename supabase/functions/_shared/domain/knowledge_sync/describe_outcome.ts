export type DocumentStatus =
  /** Uploaded by this sync. */
  | "synced"
  | "unchanged"
  /** Vapi could not read it. */
  | "failed"
  /** Not there yet; the worker goes on. */
  | "pending"
  /** Answered from our own index: Vapi has no file of it. */
  | "indexed"
  /** Of a dry run. */
  | "planned";

export type AssistantStatus = "synced" | "unchanged" | "queued" | "failed" | "planned";

/** How a sync ended, by what became of its parts. */
export function describeOutcome(
  { documents, assistants, problems }: {
    documents: readonly { status: DocumentStatus }[];
    assistants: readonly { status: AssistantStatus }[];
    /** What else went wrong, such as a file that could not be deleted. */
    problems: number;
  },
): "succeeded" | "partially_succeeded" | "failed" {
  const bad = documents.filter(({ status }) => status === "failed" || status === "pending").length +
    assistants.filter(({ status }) => status === "failed").length + problems;
  if (bad === 0) return "succeeded";
  const good = (documents.length > 0 ? documents : assistants)
    .some(({ status }) => status === "synced" || status === "unchanged");
  return good ? "partially_succeeded" : "failed";
}

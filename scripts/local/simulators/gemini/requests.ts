import * as z from "zod";

const content = z.strictObject({
  role: z.string().optional(),
  parts: z.array(z.strictObject({ text: z.string() })).min(1),
});

const embedding = {
  content,
  taskType: z.enum([
    "TASK_TYPE_UNSPECIFIED",
    "RETRIEVAL_QUERY",
    "RETRIEVAL_DOCUMENT",
    "SEMANTIC_SIMILARITY",
    "CLASSIFICATION",
    "CLUSTERING",
    "QUESTION_ANSWERING",
    "FACT_VERIFICATION",
    "CODE_RETRIEVAL_QUERY",
  ]).optional(),
  title: z.string().optional(),
  outputDimensionality: z.int().min(1).max(3072).optional(),
};

/** https://ai.google.dev/api/embeddings#method:-models.embedcontent */
export const embedRequest = z.strictObject({ model: z.string().optional(), ...embedding });

/** https://ai.google.dev/api/embeddings#method:-models.batchembedcontents */
export const batchRequest = z.strictObject({
  requests: z.array(z.strictObject({ model: z.string(), ...embedding })).min(1),
});

export type EmbedRequest = z.output<typeof embedRequest>;

/** Google's words for a body that doesn't fit: every issue in one sentence. */
export function describeIssues(error: z.ZodError): string {
  return error.issues.map((issue) => {
    const path = issue.path.map((part) =>
      typeof part === "number" ? `[${part}]` : `.${String(part)}`
    )
      .join("").replace(/^\./, "");
    if (issue.code !== "unrecognized_keys") return `Invalid value at '${path}': ${issue.message}`;
    const where = path === "" ? "" : ` at '${path}'`;
    return issue.keys.map((key) =>
      `Invalid JSON payload received. Unknown name "${key}"${where}: Cannot find field.`
    ).join("\n");
  }).join("\n");
}

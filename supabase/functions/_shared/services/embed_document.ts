import type { Clock } from "../ports.ts";
import type { EmbeddingStore } from "../ports_documents.ts";
import type { Embedder } from "../ports_knowledge.ts";
import { describeForEmbedding } from "./prepare_text.ts";

/** Vectors of one call to the database; each is about 8 KB of JSON. */
const STORE_AT_ONCE = 32;

/**
 * Makes the vectors that a document's chunks lack, batch by batch, each stored before the next: what
 * dies goes on where it was. Words that had a vector of this model before get it again.
 * @throws ProviderError
 * @returns `queued` where the time was over first
 */
export async function embedDocument(
  { embeddings, embedder, clock }: {
    embeddings: EmbeddingStore;
    embedder: Embedder;
    clock: Clock;
  },
  { orgId, documentId, maxMilliseconds }: {
    orgId: string;
    documentId: string;
    maxMilliseconds: number;
  },
): Promise<"embedded" | "queued" | "gone"> {
  const { model } = embedder;
  const startedAt = clock();
  const name = { org_id: orgId, document_id: documentId, model };
  const limit = Math.min(embedder.batch_size, STORE_AT_ONCE);
  for (;;) {
    const read = await embeddings.readTexts({ ...name, limit });
    if (read.code !== "texts") return read.code;
    if (clock() - startedAt >= maxMilliseconds) return "queued";
    // Paragraphs that a document repeats are embedded once.
    const byHash = new Map(read.texts.map((text) => [text.content_hash, text]));
    const distinct = [...byHash.values()];
    const vectors = await embedder.embed(distinct.map(describeForEmbedding), {
      purpose: "document",
    });
    const vectorOf = new Map(
      distinct.map(({ content_hash }, index) => [content_hash, JSON.stringify(vectors[index])]),
    );
    await embeddings.storeEmbeddings({
      ...name,
      vectors: read.texts.map(({ chunk_id, content_hash }) => ({
        chunk_id,
        content_hash,
        embedding: vectorOf.get(content_hash)!,
      })),
    });
  }
}

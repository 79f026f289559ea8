import * as z from "zod";
import type { EmbeddingStore } from "../../ports_documents.ts";
import type { Database } from "./create_database.ts";
import { onlyCode } from "./rows.ts";

const wanted = z.object({ code: z.literal("wanted"), count: z.number() });
const texts = z.discriminatedUnion("code", [
  z.object({
    code: z.literal("texts"),
    texts: z.array(z.object({
      chunk_id: z.string(),
      content_hash: z.string(),
      heading_path: z.array(z.string()),
      content: z.string(),
    })),
  }),
  onlyCode("embedded", "gone"),
]);

export function createEmbeddingStore(database: Database): EmbeddingStore {
  const idempotent = true;
  return {
    wantModel: (input) =>
      database.callFunction("want_embedding_model", input, wanted, { idempotent }),

    readTexts: (input) =>
      database.callFunction("read_texts_to_embed", input, texts, { idempotent }),

    async storeEmbeddings(input) {
      await database.callFunction("store_embeddings", input, onlyCode("stored"), { idempotent });
    },
  };
}

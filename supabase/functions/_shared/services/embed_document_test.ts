import { deepEqual, equal, rejects } from "node:assert/strict";
import type { EmbeddingStore } from "../ports_documents.ts";
import type { Embedder } from "../ports_knowledge.ts";
import { embedDocument } from "./embed_document.ts";

function setUp(contents: string[], { batch_size = 2 }: { batch_size?: number } = {}) {
  let now = 0;
  const stored = new Map<string, string>();
  const sent: string[][] = [];
  const embeddings: EmbeddingStore = {
    wantModel: () => Promise.resolve({ count: 0 }),
    readTexts({ limit }) {
      const texts = contents
        .map((content, index) => ({
          ...{ chunk_id: `c${index}`, content_hash: content, heading_path: [], content },
        }))
        .filter(({ chunk_id }) => !stored.has(chunk_id)).slice(0, limit);
      return Promise.resolve(texts.length === 0 ? { code: "embedded" } : { code: "texts", texts });
    },
    storeEmbeddings({ vectors }) {
      for (const { chunk_id, embedding } of vectors) stored.set(chunk_id, embedding);
      return Promise.resolve();
    },
  };
  const embedder: Embedder = {
    model: "m",
    batch_size,
    embed(texts) {
      sent.push(texts);
      now += 100;
      return Promise.resolve(texts.map((text) => [text.length]));
    },
  };
  return { stored, sent, embedder, ports: { embeddings, embedder, clock: () => now } };
}
const INPUT = { orgId: "org", documentId: "document", maxMilliseconds: 1_000 };

Deno.test("vectors are made batch by batch, the same words once", async () => {
  const { stored, sent, ports } = setUp(["a", "a", "bb"]);
  equal(await embedDocument(ports, INPUT), "embedded");
  deepEqual(sent, [["a"], ["bb"]]);
  deepEqual([...stored], [["c0", "[1]"], ["c1", "[1]"], ["c2", "[2]"]]);
});

Deno.test("a provider that fails loses nothing of what was made", async () => {
  const { stored, embedder, ports } = setUp(["a", "bb", "ccc"], { batch_size: 1 });
  const { embed } = embedder;
  embedder.embed = (texts, options) =>
    texts[0] === "ccc" ? Promise.reject(new Error("down")) : embed(texts, options);
  await rejects(embedDocument(ports, INPUT), /down/);
  equal(stored.size, 2);
  embedder.embed = embed;
  equal(await embedDocument(ports, INPUT), "embedded");
  equal(stored.size, 3);
});

Deno.test("it stops when its time is over, and says so", async () => {
  const { stored, ports } = setUp(["a", "bb", "ccc"], { batch_size: 1 });
  equal(await embedDocument(ports, { ...INPUT, maxMilliseconds: 200 }), "queued");
  equal(stored.size, 2);
});

import type { PGlite } from "@electric-sql/pglite";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { openMigratedDatabase } from "../../scripts/local/pgtap.ts";
import { printLine } from "../../scripts/local/print_line.ts";
import { embedText } from "../../scripts/local/simulators/gemini/embed_text.ts";
import { chunkDocument } from "../../supabase/functions/_shared/domain/chunking/chunk_document.ts";
import { normaliseVector } from "../../supabase/functions/_shared/providers/language_model/normalise_vector.ts";
import documents from "./documents.json" with { type: "json" };
import { measureRanking, type RankingQuality } from "./measure_ranking.ts";
import queries from "./queries.json" with { type: "json" };

const ORGANIZATION = "a1000000-0000-4000-8000-000000000000";
const MODEL = "simulated";
/** No document says it, so that words find nothing. */
const NO_WORDS = "zzzzzz";

type Hit = { title: string };
type Text = { chunk_id: string; content_hash: string; heading_path: string[]; content: string };

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const embed = (text: string) => JSON.stringify(normaliseVector(embedText(text, 768)));

async function call<Answer>(database: PGlite, name: string, request: unknown): Promise<Answer> {
  const { rows } = await database.query<{ answer: Answer }>(
    `select public.${name}($1::jsonb) as answer`,
    [JSON.stringify(request)],
  );
  return rows[0]!.answer;
}

async function store(database: PGlite, document: typeof documents[number]): Promise<void> {
  const { title, language, text } = document;
  const chunks = chunkDocument(text).map((chunk) => ({
    ...chunk,
    content_hash: hash(chunk.content),
  }));
  const id = crypto.randomUUID();
  const created = await call<{ code: string }>(database, "create_knowledge_document", {
    org_id: ORGANIZATION,
    request_id: "search-quality",
    id,
    title,
    language,
    category: "general",
    version: { source: "text", content: text, content_hash: hash(text), embed: true, chunks },
  });
  assert.equal(created.code, "created");
  const name = { org_id: ORGANIZATION, document_id: id, model: MODEL };
  const { texts } = await call<{ texts: Text[] }>(database, "read_texts_to_embed", {
    ...name,
    limit: 100,
  });
  const vectors = texts.map(({ chunk_id, content_hash, heading_path, content }) => ({
    chunk_id,
    content_hash,
    embedding: embed(`${heading_path.join(" ")}\n${content}`),
  }));
  await call(database, "store_embeddings", { ...name, vectors });
  const end = await call<{ code: string }>(database, "read_texts_to_embed", { ...name, limit: 1 });
  assert.equal(end.code, "embedded");
}

async function measure(
  database: PGlite,
  by: { words: boolean; vectors: boolean },
): Promise<RankingQuality> {
  const results = [];
  for (const { query, document } of queries) {
    const wanted = documents.find(({ id }) => id === document)?.title;
    assert.ok(wanted, `"${query}" wants a document that is there`);
    const { hits } = await call<{ hits: Hit[] }>(database, "search_knowledge", {
      org_id: ORGANIZATION,
      query: by.words ? query : NO_WORDS,
      limit: 10,
      ...(by.vectors ? { vector: embed(query), model: MODEL } : {}),
    });
    results.push({ wanted, found: hits.map(({ title }) => title) });
  }
  return measureRanking(results);
}

Deno.test("what is asked in English or French is found by words, by meaning, and by both", async (test) => {
  const database = await openMigratedDatabase();
  try {
    await database.query("insert into public.organizations (id, name) values ($1, 'Search')", [
      ORGANIZATION,
    ]);
    for (const document of documents) await store(database, document);
    const text = await measure(database, { words: true, vectors: false });
    const vectors = await measure(database, { words: false, vectors: true });
    const fused = await measure(database, { words: true, vectors: true });
    printLine(
      "vectors are those of the simulator's own dictionary, which says nothing of a real model",
    );
    for (const [name, quality] of Object.entries({ text, vectors, fused })) {
      const { queries: count, recall_at_5, mean_reciprocal_rank } = quality;
      printLine(
        `${name.padEnd(8)} recall@5 ${recall_at_5.toFixed(3)}  MRR ${
          mean_reciprocal_rank.toFixed(3)
        }  (${count} queries, ${documents.length} documents)`,
      );
    }
    await test.step("each way finds most of it", () => {
      assert.ok(text.recall_at_5 >= 0.7, `text: ${text.recall_at_5}`);
      assert.ok(vectors.recall_at_5 >= 0.85, `vectors: ${vectors.recall_at_5}`);
      assert.ok(fused.recall_at_5 >= 0.9, `fused: ${fused.recall_at_5}`);
    });
    await test.step("together they find at least what each finds alone", () => {
      assert.ok(fused.recall_at_5 >= Math.max(text.recall_at_5, vectors.recall_at_5) - 0.02);
      assert.ok(fused.mean_reciprocal_rank >= text.mean_reciprocal_rank);
    });
  } finally {
    await database.close();
  }
});

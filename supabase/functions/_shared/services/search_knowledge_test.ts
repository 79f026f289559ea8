import { deepEqual, equal } from "node:assert/strict";
import {
  createMemoryLogger,
  type LogLine,
} from "../../../../tests/in_memory/create_memory_logger.ts";
import type { KnowledgeSearchStore } from "../ports_documents.ts";
import type { Embedder } from "../ports_knowledge.ts";
import { searchKnowledge } from "./search_knowledge.ts";

type Asked = { vector: string | null; model: string | null };

function setUp(embedders: Embedder[], serving: string | null = null) {
  const asked: Asked[] = [];
  const lines: LogLine[] = [];
  const search: KnowledgeSearchStore = {
    searchKnowledge({ vector, model }) {
      asked.push({ vector, model });
      return Promise.resolve({
        mode: vector === null ? "text" : "hybrid",
        model: serving,
        hits: [],
      });
    },
  };
  return { asked, lines, ports: { search, embedders, logger: createMemoryLogger(lines) } };
}

const createEmbedder = (model: string, embed: Embedder["embed"]): Embedder => ({
  model,
  batch_size: 10,
  embed,
});
const QUERY = { org_id: "org", query: "When?", limit: 5 };

Deno.test("a question is asked by its words and its vector", async () => {
  const purposes: string[] = [];
  const embedder = createEmbedder("m", (_, { purpose }) => {
    purposes.push(purpose);
    return Promise.resolve([[1, 0]]);
  });
  const { asked, ports } = setUp([embedder], "m");
  equal((await searchKnowledge(ports, QUERY)).mode, "hybrid");
  deepEqual(asked, [{ vector: "[1,0]", model: "m" }]);
  deepEqual(purposes, ["query"]);
});

Deno.test("without a model, or with one that fails, by its words alone", async () => {
  const none = setUp([]);
  equal((await searchKnowledge(none.ports, QUERY)).mode, "text");
  deepEqual(none.asked, [{ vector: null, model: null }]);
  const broken = setUp([createEmbedder("m", () => Promise.reject(new Error("down")))], "m");
  equal((await searchKnowledge(broken.ports, QUERY)).mode, "text");
  equal(broken.lines.length, 1);
});

Deno.test("a model that never answers is not waited for", async () => {
  const { ports } = setUp([createEmbedder("m", () => new Promise(() => {}))], "m");
  // A caller that gives up sooner than the limit.
  const { mode } = await searchKnowledge(ports, QUERY, { signal: AbortSignal.timeout(10) });
  equal(mode, "text");
});

Deno.test("while documents are embedded anew, the vectors that serve are asked", async () => {
  const embedders = ["new", "old"].map((model) =>
    createEmbedder(model, () => Promise.resolve([[model.length]]))
  );
  const { asked, ports } = setUp(embedders, "old");
  await searchKnowledge(ports, QUERY);
  deepEqual(asked.map(({ model }) => model), ["new", "old"]);
  const [wanted, old] = embedders as [Embedder, Embedder];
  const found = setUp([wanted], "old");
  const findEmbedder = (model: string) => model === "old" ? old : null;
  await searchKnowledge({ ...found.ports, findEmbedder }, QUERY);
  deepEqual(found.asked.map(({ model }) => model), ["new", "old"]);
  const unknown = setUp(embedders, "gone");
  await searchKnowledge(unknown.ports, QUERY);
  deepEqual(unknown.asked.map(({ model }) => model), ["new"]);
});

import { equal } from "node:assert/strict";
import { createPolicy } from "../resilience/create_policy.ts";
import { createEmbedderFinder } from "./find_embedder.ts";

const openSession = () => ({ run: () => Promise.resolve([1]) });
const find = (apiKey: string | undefined, session: typeof openSession | null) =>
  createEmbedderFinder({
    apiKey,
    baseUrl: "https://gemini.test",
    policy: createPolicy({ attempts: 1 }),
    openSession: session,
  });

Deno.test("a model is opened by its name where it can be asked", () => {
  const both = find("key", openSession);
  equal(both("gemini-embedding-001")?.model, "gemini-embedding-001");
  equal(both("gte-small")?.model, "gte-small");
  equal(both("another"), null);
  const neither = find(undefined, null);
  equal(neither("gemini-embedding-001"), null);
  equal(neither("gte-small"), null);
});

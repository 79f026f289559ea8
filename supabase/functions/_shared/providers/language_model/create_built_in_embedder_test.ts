import assert from "node:assert/strict";
import type { ProviderError } from "../../errors.ts";
import { createBuiltInEmbedder } from "./create_built_in_embedder.ts";

/** Answers with the direction that a text's first letter names, as the platform's session would. */
function createSession() {
  const texts: string[] = [];
  return {
    texts,
    run(text: string, options: { mean_pool: boolean; normalize: boolean }) {
      assert.deepEqual(options, { mean_pool: true, normalize: true });
      texts.push(text);
      const vector = new Float32Array(384);
      vector[text.charCodeAt(0) % 384] = 1;
      return Promise.resolve(vector);
    },
  };
}

Deno.test("a vector is padded to 768 dimensions and keeps its length of 1", async () => {
  const embedder = createBuiltInEmbedder(createSession());
  const [first, second] = await embedder.embed(["a", "b"], { purpose: "document" });
  assert.deepEqual([first?.length, first?.indexOf(1), second?.indexOf(1)], [768, 97, 98]);
  assert.ok(first?.slice(384).every((value) => value === 0));
  assert.equal(embedder.model, "gte-small");
});

Deno.test("all of a text counts that is longer than the model reads", async () => {
  const session = createSession();
  const text = `${"alpha ".repeat(240)}\n\n${"beta ".repeat(240)}`;
  const [vector] = await createBuiltInEmbedder(session).embed([text], { purpose: "document" });
  assert.ok(session.texts.length > 1);
  assert.equal(session.texts.join(""), text);
  assert.ok(vector![97]! > 0 && vector![98]! > 0);
  assert.ok(Math.abs(Math.hypot(...vector!) - 1) < 1e-9);
});

Deno.test("a model that fails, or answers with something else, is a provider's error", async () => {
  const CASES: [answer: () => Promise<unknown>, failure: string][] = [
    [() => Promise.reject(new Error("no model")), "unavailable"],
    [() => Promise.resolve([]), "invalid_response"],
    [() => Promise.resolve(new Array(384).fill(0)), "invalid_response"],
    [() => Promise.resolve(["x"]), "invalid_response"],
    [() => Promise.resolve(undefined), "invalid_response"],
  ];
  for (const [run, failure] of CASES) {
    await assert.rejects(
      createBuiltInEmbedder({ run }).embed(["a"], { purpose: "query" }),
      (error: ProviderError) => error.failure === failure && error.provider === "built_in",
    );
  }
});

Deno.test("it ends between two runs when its time is over", async () => {
  const session = createSession();
  const given = { purpose: "document" as const, signal: AbortSignal.abort() };
  await assert.rejects(createBuiltInEmbedder(session).embed(["a"], given), /time/);
  assert.equal(session.texts.length, 0);
});

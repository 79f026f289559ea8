import assert from "node:assert/strict";
import { withSimulators } from "../../../../../scripts/local/simulators/with_simulators.ts";
import { listSources } from "../../../../../tests/boundaries/list_sources.ts";
import { reachPackages } from "../../../../../tests/boundaries/reach_packages.ts";
import { createLazyModel, type LazyModelConfig } from "./create_lazy_model.ts";

const config = (baseUrl: string, apiKey: string | undefined): LazyModelConfig => ({
  model: "gemini-3.8-flash",
  classifier: "gemini-3.5-flash-lite",
  vendors: { gemini: { apiKey, baseUrl }, openai: { apiKey: undefined, baseUrl } },
  prices: undefined,
  maxConcurrent: 1,
  policy: { attempts: 1 },
});

Deno.test("it loads nothing before it is asked, and then works", async () => {
  const path = "supabase/functions/_shared/providers/language_model/create_lazy_model.ts";
  assert.deepEqual([...reachPackages(path, await listSources("supabase/functions"))], []);
  await withSimulators(async ({ gemini }) => {
    const model = createLazyModel(config(gemini, "gemini-demo-key"));
    assert.ok(model);
    const answer = await model.classify({
      system: "- jobs: work",
      messages: [{ role: "person", text: "work" }],
      candidates: ["jobs"],
      max_tokens: 100,
    }, { signal: AbortSignal.timeout(20_000) });
    assert.equal(answer.code === "answered" && answer.agent, "jobs");
  });
});

Deno.test("without the key of a vendor there is no model", () => {
  const base = config("http://127.0.0.1:1", undefined);
  assert.equal(createLazyModel(base), null);
  const mixed = config("http://127.0.0.1:1", "k");
  assert.equal(createLazyModel({ ...mixed, classifier: "openai/small" }), null);
  assert.equal(createLazyModel(mixed)?.name, "gemini-3.8-flash");
});

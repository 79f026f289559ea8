/** Asks the model at an address once for each of its methods and prints the answers, on any Deno. */
import { createLanguageModel } from "../../supabase/functions/_shared/providers/language_model/create_language_model.ts";
import { createPolicy } from "../../supabase/functions/_shared/providers/resilience/create_policy.ts";

const [baseUrl = ""] = Deno.args;
const model = createLanguageModel({
  model: "gemini-3.8-flash",
  classifier: "gemini-3.5-flash-lite",
  vendors: {
    gemini: { apiKey: "gemini-demo-key", baseUrl },
    openai: { apiKey: undefined, baseUrl },
  },
  prices: {},
  maxConcurrent: 1,
  policy: createPolicy(),
});
const signal = AbortSignal.timeout(20_000);
const messages = [{ role: "person" as const, text: "a house to rent" }];
const sorted = await model.classify({
  system: "- jobs: work\n- property: houses, rent",
  messages,
  candidates: ["jobs", "property"],
  max_tokens: 100,
}, { signal });
const answer = await model.converse({
  system: "You help.",
  messages,
  tools: [{
    name: "search_listings",
    description: "Searches listings.",
    input_schema: { type: "object", properties: { words: { type: "string" } } },
  }],
  max_steps: 3,
  max_tokens: 100,
  budget_tokens: 10_000,
}, {
  signal,
  callTool: () => Promise.resolve({ output: '{"message":"Found 2."}', ends: false }),
});
Deno.stdout.writeSync(
  new TextEncoder().encode(JSON.stringify([sorted, answer, Deno.version.deno])),
);

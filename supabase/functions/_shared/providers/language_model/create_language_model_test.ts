import assert from "node:assert/strict";
import { findFunctionDeno } from "../../../../../scripts/local/find_binary.ts";
import { FUNCTIONS_FOLDER, REPOSITORY } from "../../../../../scripts/local/repository.ts";
import { denoEnvironment } from "../../../../../scripts/local/start_functions.ts";
import { send, withSimulators } from "../../../../../scripts/local/simulators/with_simulators.ts";
import { serveAnswers } from "../../../../../tests/http/serve_answers.ts";
import type { AppError } from "../../errors.ts";
import type { ProviderCall } from "../../ports.ts";
import type { ModelTool, ModelToolCall } from "../../ports_model.ts";
import { createPolicy, type PolicyConfig } from "../resilience/create_policy.ts";
import { createLanguageModel, type LanguageModelConfig } from "./create_language_model.ts";

const KEY = "gemini-demo-key";
const CANDIDATES = ["jobs", "property"];
const SYSTEM = "Sort.\n- jobs: work, vacancies, hiring\n- property: houses, rent, bedrooms";

function modelFor(
  baseUrl: string,
  { policy, ...config }: Partial<Omit<LanguageModelConfig, "policy">> & {
    policy?: Partial<PolicyConfig>;
  } = {},
) {
  return createLanguageModel({
    model: "gemini-3.8-flash",
    classifier: "gemini-3.5-flash-lite",
    vendors: {
      gemini: { apiKey: KEY, baseUrl },
      openai: { apiKey: undefined, baseUrl: "http://127.0.0.1:1" },
    },
    prices: { "gemini-3.8-flash": { input: 1, output: 10 } },
    maxConcurrent: 10,
    policy: createPolicy({ attempts: 1, retryBaseMilliseconds: 1, ...policy }),
    ...config,
  });
}
type Model = ReturnType<typeof modelFor>;
const soon = () => AbortSignal.timeout(20_000);
const person = (text: string) => [{ role: "person" as const, text }];
const classify = (
  model: Model,
  text: string,
  options: { record?: (c: ProviderCall) => void; beforeRequest?: () => Promise<void> } = {},
) =>
  model.classify(
    { system: SYSTEM, messages: person(text), candidates: CANDIDATES, max_tokens: 200 },
    { signal: soon(), ...options },
  );
const SEARCH: ModelTool = {
  name: "search_listings",
  description: "Searches listings.",
  input_schema: {
    type: "object",
    properties: { words: { type: "string" } },
    required: ["words"],
    additionalProperties: false,
  },
};
const converse = (
  model: Model,
  text: string,
  { answers = [], signal = soon(), beforeRequest, ...input }: {
    answers?: { output: string; ends: boolean }[];
    signal?: AbortSignal;
    beforeRequest?: () => Promise<void>;
    max_steps?: number;
    budget_tokens?: number;
  } = {},
) => {
  const asked: ModelToolCall[] = [];
  const waiting = [...answers];
  const result = model.converse({
    system: "You help.",
    messages: person(text),
    tools: [SEARCH],
    max_steps: 4,
    max_tokens: 300,
    budget_tokens: 100_000,
    ...input,
  }, {
    signal,
    ...(beforeRequest && { beforeRequest }),
    callTool(call) {
      asked.push(call);
      return Promise.resolve(waiting.shift() ?? { output: '{"message":"Found."}', ends: false });
    },
  });
  return result.then((answer) => ({ answer, asked }));
};
const control = (gemini: string, path: string, body: unknown, method = "POST") =>
  send(`${gemini}/__simulator/${path}`, { method, body });
const requestsOf = async (gemini: string) =>
  (await send(`${gemini}/__simulator/requests?key=${KEY}`)).body as {
    path: string;
    status: number;
    body:
      & { contents: { role: string; parts: Record<string, unknown>[] }[] }
      & Record<
        string,
        Record<string, unknown>
      >;
  }[];
const CALL = { name: "search_listings", args: { words: "a house" } };

Deno.test("a text is sorted by the classifier, with its tokens counted", async () => {
  await withSimulators(async ({ gemini }) => {
    const calls: ProviderCall[] = [];
    const record = (call: ProviderCall) => calls.push(call);
    const model = modelFor(gemini);
    const house = await classify(model, "A house with three bedrooms", { record });
    assert.equal(house.code, "answered");
    assert.deepEqual(house.code === "answered" && [house.agent, house.confidence], [
      "property",
      0.9,
    ]);
    assert.ok(house.usage.input_tokens > 10 && house.usage.output_tokens > 3);
    assert.equal(house.usage.cost_usd, null, "the classifier has no price");
    const nothing = await classify(model, "Purple clouds", { record });
    assert.equal(nothing.code === "answered" && nothing.agent, null);
    assert.deepEqual(
      calls.map(({ provider, operation, outcome }) => [provider, operation, outcome]),
      [["gemini", "classify", "succeeded"], ["gemini", "classify", "succeeded"]],
    );
    const [first] = await requestsOf(gemini);
    assert.equal(first!.path, "/v1beta/models/gemini-3.5-flash-lite:generateContent");
    const { maxOutputTokens, temperature, thinkingConfig } = first!.body["generationConfig"]!;
    assert.deepEqual([maxOutputTokens, temperature, thinkingConfig], [200, 0, {
      thinkingLevel: "minimal",
    }]);
  });
});

Deno.test("a reply comes after the tools it needs, and signatures go back with the calls", async () => {
  await withSimulators(async ({ gemini }) => {
    await control(gemini, "rules", {
      rules: [
        { when: { text: "house" }, then: { calls: [CALL] } },
        { when: { text: "house", result: "two rooms" }, then: { text: "There is one." } },
      ],
    });
    const { answer, asked } = await converse(modelFor(gemini), "I want a house", {
      answers: [{ output: '{"message":"two rooms"}', ends: false }],
    });
    assert.equal(answer.code === "answered" && answer.text, "There is one.");
    assert.deepEqual(asked, [{ name: "search_listings", arguments: { words: "a house" } }]);
    assert.ok(answer.usage.cost_usd! > 0);
    const { input_tokens, output_tokens, cost_usd } = answer.usage;
    assert.equal(cost_usd, (input_tokens + 10 * output_tokens) / 1_000_000);
    const [, second] = await requestsOf(gemini);
    const call = second!.body.contents.flatMap(({ parts }) => parts)
      .find((part) => "functionCall" in part);
    assert.match(String(call?.["thoughtSignature"]), /^[A-Za-z0-9+/]{43}=$/);
  });
});

Deno.test("a tool that ends the conversation is the last thing that happens", async () => {
  await withSimulators(async ({ gemini }) => {
    await control(gemini, "rules", { rules: [{ then: { calls: [CALL, CALL] } }] });
    const { answer, asked } = await converse(modelFor(gemini), "A house", {
      answers: [{ output: "asked", ends: true }],
    });
    assert.equal(answer.code, "answered");
    assert.equal(asked.length, 1, "nor is the other call of the same step made");
    assert.equal((await requestsOf(gemini)).length, 1);
  });
});

Deno.test("in the last step a model can only answer, and no more steps are made", async () => {
  await withSimulators(async ({ gemini }) => {
    const calls = { then: { calls: [CALL] } };
    await control(gemini, "rules", { rules: [calls, { ...calls, when: { result: "." } }] });
    const { answer } = await converse(modelFor(gemini), "Go on for ever", { max_steps: 3 });
    const requests = await requestsOf(gemini);
    assert.equal(requests.length, 3);
    const modes = requests.map(({ body }) => JSON.stringify(body["toolConfig"] ?? {}));
    assert.match(modes[2]!, /"NONE"/);
    assert.doesNotMatch(modes[1]!, /"NONE"/);
    assert.equal(answer.code === "answered" && answer.text, "That is all I know.");
  });
});

Deno.test("a model that calls where it may not has stopped, and what was paid is counted", async () => {
  const parts = [{ functionCall: { name: "search_listings", args: {} } }];
  await using server = serveAnswers({
    status: 200,
    body: {
      candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 },
    },
  });
  const { answer, asked } = await converse(modelFor(server.url), "Hello", { max_steps: 1 });
  assert.equal(answer.code === "failed" && answer.failure, "stopped");
  assert.deepEqual([answer.usage.input_tokens, answer.usage.output_tokens], [7, 3]);
  assert.deepEqual(asked, []);
});

Deno.test("every request is asked for before it is made, and none is made behind a no", async () => {
  await withSimulators(async ({ gemini }) => {
    const calls = { then: { calls: [CALL] } };
    await control(gemini, "rules", { rules: [calls, { ...calls, when: { result: "." } }] });
    let asked = 0;
    const beforeRequest = () => {
      asked += 1;
      return asked === 3 ? Promise.reject(new Error("switched off")) : Promise.resolve();
    };
    const { answer } = await converse(modelFor(gemini), "Go on", { beforeRequest });
    assert.equal(answer.code, "failed");
    assert.ok(answer.usage.input_tokens > 0, "what was paid until then counts");
    assert.deepEqual([asked, (await requestsOf(gemini)).length], [3, 2]);
    asked = 2;
    const sorted = await classify(modelFor(gemini), "A house", { beforeRequest });
    assert.deepEqual([sorted.code, (await requestsOf(gemini)).length], ["failed", 2]);
  });
});

Deno.test("a request that fails is made again only after it was asked for again", async () => {
  await withSimulators(async ({ gemini }) => {
    await control(gemini, "faults", { path: "/v1beta/**", mode: "status", status: 503, times: 9 });
    for (const no of [2, 3]) {
      const before = (await requestsOf(gemini)).length;
      let asked = 0;
      const beforeRequest = () => {
        asked += 1;
        return asked === no ? Promise.reject(new Error("switched off")) : Promise.resolve();
      };
      const model = modelFor(gemini, { policy: { attempts: 4, breakerFailures: 100 } });
      const { answer } = await converse(model, "Go on", { beforeRequest });
      assert.equal(answer.code, "failed");
      assert.deepEqual([asked, (await requestsOf(gemini)).length - before], [no, no - 1]);
    }
  });
});

Deno.test("a spent budget ends a conversation between two requests", async () => {
  await withSimulators(async ({ gemini }) => {
    await control(gemini, "rules", { rules: [{ then: { calls: [CALL] } }] });
    await converse(modelFor(gemini), "A house", { budget_tokens: 10 });
    assert.equal((await requestsOf(gemini)).length, 1);
  });
});

Deno.test("a tool that isn't offered does nothing, and the model hears so", async () => {
  await withSimulators(async ({ gemini }) => {
    await control(gemini, "rules", {
      rules: [
        { then: { calls: [{ name: "delete_everything", args: {} }] } },
        { when: { result: "delete_everything" }, then: { text: "I can't do that." } },
      ],
    });
    const { answer, asked } = await converse(modelFor(gemini), "Delete it all");
    assert.equal(answer.code === "answered" && answer.text, "I can't do that.");
    assert.deepEqual(asked, []);
  });
});

const quota = (quotaId: string, retryDelay: string) => ({
  error: {
    code: 429,
    message: "You exceeded your current quota",
    status: "RESOURCE_EXHAUSTED",
    details: [
      { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [{ quotaId }] },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay },
    ],
  },
});
const FAULTS: [what: string, fault: Record<string, unknown>, failure: string, requests: number][] =
  [
    [
      "a quota of the day",
      { mode: "status", status: 429, body: quota("PerDay", "0.01s") },
      "rate_limited",
      1,
    ],
    [
      "a quota of the minute",
      { mode: "status", status: 429, body: quota("PerMinute", "0.01s") },
      "rate_limited",
      3,
    ],
    ["an outage", { mode: "status", status: 503 }, "unavailable", 3],
    ["an error of its own", { mode: "status", status: 500 }, "unavailable", 3],
    ["cut JSON", { mode: "malformed" }, "invalid_response", 1],
    [
      "JSON of another shape",
      { mode: "status", status: 200, body: { candidates: 7 } },
      "invalid_response",
      1,
    ],
    ["a closed connection", { mode: "drop" }, "unavailable", 3],
  ];
for (const [what, fault, failure, requests] of FAULTS) {
  Deno.test(`${what} is the failure ${failure} after ${requests} requests`, async () => {
    await withSimulators(async ({ gemini }) => {
      await control(gemini, "faults", { path: "/v1beta/**", ...fault });
      const { answer } = await converse(modelFor(gemini, { policy: { attempts: 3 } }), "Hello");
      assert.equal(answer.code === "failed" && answer.failure, failure, JSON.stringify(answer));
      assert.equal((await requestsOf(gemini)).length, requests);
    });
  });
}

Deno.test("a bad key is an argument that isn't valid, and is not in what is said about it", async () => {
  await withSimulators(async ({ gemini }) => {
    const model = modelFor(gemini, {
      vendors: {
        gemini: { apiKey: "wrong-key-1", baseUrl: gemini },
        openai: { apiKey: undefined, baseUrl: gemini },
      },
    });
    const answer = await classify(model, "A house");
    assert.equal(answer.code === "failed" && answer.failure, "unauthorized");
    assert.equal(JSON.stringify(answer).includes("wrong-key-1"), false);
  });
});

const STOPPED: [what: string, then: Record<string, unknown>][] = [
  ["an object that was cut", { text: '{"agent": "jo' }],
  ["an agent that isn't among the candidates", { object: { agent: "admin", confidence: 1 } }],
  ["a confidence beyond 1", { object: { agent: "jobs", confidence: 7 } }],
  ["a filter's refusal", { finishReason: "SAFETY" }],
  ["a refused prompt", { blockReason: "PROHIBITED_CONTENT" }],
];
for (const [what, then] of STOPPED) {
  Deno.test(`${what} is no classification, and is paid for`, async () => {
    await withSimulators(async ({ gemini }) => {
      await control(gemini, "rules", { rules: [{ then }] });
      const answer = await classify(modelFor(gemini), "A house");
      assert.equal(answer.code === "failed" && answer.failure, "stopped", JSON.stringify(answer));
      assert.ok(answer.usage.input_tokens > 0);
    });
  });
}

Deno.test("a slow model is given up when the time is over", async () => {
  await withSimulators(async ({ gemini }) => {
    await control(gemini, "faults", { path: "/v1beta/**", mode: "hang" });
    const { answer } = await converse(modelFor(gemini), "Hello", {
      signal: AbortSignal.timeout(300),
    });
    assert.equal(answer.code === "failed" && answer.failure, "timed_out");
  });
});

Deno.test("the circuit opens after failures in a row, spares the model, and closes again", async () => {
  await withSimulators(async ({ gemini }) => {
    await control(gemini, "faults", { path: "/v1beta/**", mode: "status", status: 503, times: 3 });
    const calls: ProviderCall[] = [];
    const record = (call: ProviderCall) => calls.push(call);
    const model = modelFor(gemini, {
      policy: { breakerFailures: 3, breakerOpenMilliseconds: 60_000 },
    });
    for (let turn = 0; turn < 5; turn += 1) {
      const answer = await classify(model, "A house", { record });
      assert.equal(answer.code === "failed" && answer.failure, "unavailable");
    }
    assert.equal((await requestsOf(gemini)).length, 3);
    assert.deepEqual(calls.map(({ outcome }) => outcome).slice(3), [
      "rejected_by_breaker",
      "rejected_by_breaker",
    ]);
    // A clock that is ahead, as cockatiel reads it: however slow the turns before were, they met it open.
    const now = Date.now;
    Date.now = () => now() + 60_001;
    try {
      assert.equal((await classify(model, "A house")).code, "answered");
    } finally {
      Date.now = now;
    }
  });
});

Deno.test("at most so many ask at once", async () => {
  await withSimulators(async ({ gemini }) => {
    let running = 0;
    let most = 0;
    const model = createLanguageModel({
      model: "gemini-3.8-flash",
      classifier: "gemini-3.5-flash-lite",
      vendors: {
        gemini: { apiKey: KEY, baseUrl: gemini },
        openai: { apiKey: undefined, baseUrl: gemini },
      },
      prices: {},
      maxConcurrent: 2,
      policy: createPolicy({ attempts: 1 }),
    }, async (url, init) => {
      running += 1;
      most = Math.max(most, running);
      try {
        return await fetch(url, init);
      } finally {
        running -= 1;
      }
    });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => classify(model, "A house")),
    );
    assert.ok(answers.every(({ code }) => code === "answered"));
    assert.equal(most, 2);
  });
});

Deno.test("another vendor's model is asked in its own words", async () => {
  await using server = serveAnswers({
    status: 200,
    body: {
      id: "1",
      created: 1,
      model: "small",
      object: "chat.completion",
      choices: [{
        index: 0,
        finish_reason: "stop",
        message: { role: "assistant", content: '{"agent":"jobs","confidence":0.8}' },
      }],
      usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
    },
  });
  const model = modelFor(server.url, {
    model: "openai/small",
    classifier: "openai/small",
    vendors: {
      gemini: { apiKey: undefined, baseUrl: server.url },
      openai: { apiKey: "sk-demo-1", baseUrl: server.url },
    },
    prices: { "openai/small": { input: 2, output: 4 } },
  });
  const answer = await classify(model, "Work");
  assert.deepEqual(answer, {
    code: "answered",
    agent: "jobs",
    confidence: 0.8,
    usage: { input_tokens: 20, output_tokens: 5, cost_usd: 0.00006 },
  });
  const { path, headers } = server.received[0]!;
  assert.equal(path, "/v1/chat/completions");
  assert.equal(headers.get("authorization"), "Bearer sk-demo-1");
});

Deno.test("a model whose vendor has no key is a mistake of the environment", () => {
  assert.throws(
    () => modelFor("http://127.0.0.1:1", { classifier: "openai/small" }),
    (error: AppError) =>
      error.code === "misconfigured" && /openai has no API key/.test(error.message),
  );
});

Deno.test("on the production Deno the SDK is loaded, classifies and calls tools", async () => {
  const { path } = await findFunctionDeno();
  await withSimulators(async ({ gemini }) => {
    await control(gemini, "rules", {
      rules: [{ when: { object: false }, then: { calls: [CALL] } }],
    });
    const script = new URL("../../../../../tests/support/ask_language_model.ts", import.meta.url);
    const { stdout, stderr } = await new Deno.Command(path, {
      // What a function may do on the platform, and no more: the SDK has to load with it.
      args: [
        ["run", "--no-prompt", "--no-check", "--config", "deno.json"],
        ["--allow-net", "--allow-env", "--allow-sys=hostname", `--allow-read=${REPOSITORY}`],
        [script.pathname, gemini],
      ].flat(),
      cwd: `${FUNCTIONS_FOLDER}/worker`,
      env: denoEnvironment(),
    }).output();
    const text = new TextDecoder();
    const [sorted, answer, version] = JSON.parse(text.decode(stdout) || "[]");
    assert.equal(sorted?.agent, "property", text.decode(stderr));
    assert.equal(answer?.text, "Found 2.");
    assert.equal(answer?.tool_calls.length, 1);
    assert.match(version, /^2\./);
  });
});

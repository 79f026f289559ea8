import { Hono } from "hono";
import * as z from "zod";
import { fingerprintCredential } from "../fingerprint_credential.ts";
import { ControlError } from "../provider.ts";
import type { SimulatedProvider } from "../provider.ts";
import { embedText } from "./embed_text.ts";
import { ruleSchema } from "./answer_rules.ts";
import { createGeneration } from "./generate_content.ts";
import { errorBody, geminiBody } from "./gemini_error.ts";
import { batchRequest, describeIssues, type EmbedRequest, embedRequest } from "./requests.ts";

const registration = z.strictObject({
  key: z.string().min(1),
  accountId: z.string().min(1).default(() => crypto.randomUUID()),
});

const settings = z.strictObject({ mode: z.enum(["plain", "obedient"]) });
const addedRules = z.strictObject({ rules: z.array(ruleSchema).min(1) });

const EMBEDDING_MODELS = ["gemini-embedding-001", "gemini-embedding-002"];
const MOST_IN_A_BATCH = 100;
const DEFAULT_DIMENSIONS = 3072;

/** What is done with a model, by the word behind the colon: a further method is one line here. */
type Method = (model: string, body: unknown) => { status: 200 | 400 | 404; body: unknown };

/** Gemini's API as far as it is used: vectors for texts, and answers by rules that tests set. */
export function createGemini(): SimulatedProvider {
  const accounts = new Map<string, { account: string; revoked: boolean }>();
  const keyOf = (request: Request): string | null =>
    request.headers.get("x-goog-api-key") ?? new URL(request.url).searchParams.get("key");

  const generation = createGeneration();
  const methods: Record<string, Method> = {
    generateContent: (model, body) => generation.generate(model, body),
    embedContent: (model, body) => embedOne(model, body),
    batchEmbedContents: (model, body) => embedBatch(model, body),
  };

  const app = new Hono();
  app.use(async (c, next) => {
    const key = keyOf(c.req.raw);
    if (key === null) {
      const message = "Method doesn't allow unregistered callers (callers without established " +
        "identity). Please use API Key or other form of API consumer identity to call this API.";
      return c.json(geminiBody(403, "PERMISSION_DENIED", message), 403);
    }
    if (accounts.get(key)?.revoked !== false) {
      const message = "API key not valid. Please pass a valid API key.";
      const reason = "API_KEY_INVALID";
      return c.json(geminiBody(400, "INVALID_ARGUMENT", message, { reason }), 400);
    }
    return await next();
  });
  app.post("/v1beta/models/:call", async (c) => {
    const [model = "", name = ""] = c.req.param("call").split(":");
    const method = methods[name];
    if (method === undefined) return c.json(notFound(`${model}:${name}`), 404);
    const body = await c.req.json().catch(() => undefined);
    if (body === undefined) {
      const message = "Invalid JSON payload received.";
      return c.json(geminiBody(400, "INVALID_ARGUMENT", message), 400);
    }
    const answer = method(model, body);
    return c.json(answer.body, answer.status);
  });
  app.notFound((c) => c.json(notFound(c.req.path), 404));

  return {
    name: "gemini",
    handle: (request) => app.fetch(request),
    identify(request) {
      const key = keyOf(request);
      return {
        account: accounts.get(key ?? "")?.account ?? null,
        credential: key === null ? null : fingerprintCredential(key),
      };
    },
    errorBody,
    register(body) {
      const { key, accountId } = registration.parse(body);
      accounts.set(key, { account: accountId, revoked: false });
      return { account: accountId };
    },
    revoke(key) {
      const found = accounts.get(key);
      if (found === undefined || found.revoked) return false;
      found.revoked = true;
      return true;
    },
    resolveAccount: (name) =>
      accounts.get(name)?.account ??
        [...accounts.values()].find(({ account }) => account === name)?.account ?? null,
    state: (account) =>
      [...accounts.values()].filter((one) => account === null || one.account === account),
    clear() {
      generation.rules.clear();
      generation.setMode("plain");
    },
    configure(_account, changed) {
      const parsed = settings.safeParse(changed);
      if (!parsed.success) throw new ControlError("the Gemini simulator has no such setting");
      generation.setMode(parsed.data.mode);
    },
    async control(request, path) {
      if (path !== "/rules") return null;
      switch (request.method) {
        case "GET":
          return Response.json(generation.rules.list());
        case "DELETE":
          return Response.json({ removed: generation.rules.clear() });
        case "POST":
          generation.rules.add(addedRules.parse(await request.json()).rules);
          return Response.json({ added: true }, { status: 201 });
        default:
          return null;
      }
    },
    snapshot: () => [...accounts],
    restore(snapshot) {
      for (const [key, account] of snapshot as [string, { account: string; revoked: boolean }][]) {
        accounts.set(key, account);
      }
    },
  };
}

function embedOne(model: string, body: unknown): ReturnType<Method> {
  if (!EMBEDDING_MODELS.includes(model)) return { status: 404, body: notFound(`models/${model}`) };
  const parsed = embedRequest.safeParse(body);
  if (!parsed.success) return refuse(describeIssues(parsed.error));
  const problem = findProblem(model, parsed.data);
  return problem === null
    ? { status: 200, body: { embedding: embed(parsed.data) } }
    : refuse(problem);
}

function embedBatch(model: string, body: unknown): ReturnType<Method> {
  if (!EMBEDDING_MODELS.includes(model)) return { status: 404, body: notFound(`models/${model}`) };
  const parsed = batchRequest.safeParse(body);
  if (!parsed.success) return refuse(describeIssues(parsed.error));
  const { requests } = parsed.data;
  if (requests.length > MOST_IN_A_BATCH) {
    return refuse(
      `* BatchEmbedContentsRequest.requests: at most ${MOST_IN_A_BATCH} requests can be in one batch`,
    );
  }
  const problem = requests.map((request) => findProblem(model, request)).find((one) =>
    one !== null
  );
  return problem === undefined
    ? { status: 200, body: { embeddings: requests.map(embed) } }
    : refuse(problem);
}

function findProblem(model: string, request: EmbedRequest): string | null {
  if (request.model !== undefined && request.model !== `models/${model}`) {
    return `* EmbedContentRequest.model: must be "models/${model}"`;
  }
  const empty = request.content.parts.every(({ text }) => text === "");
  return empty ? "* EmbedContentRequest.content: contents is not specified" : null;
}

function embed({ content, outputDimensionality = DEFAULT_DIMENSIONS }: EmbedRequest) {
  const text = content.parts.map((part) => part.text).join(" ");
  return { values: embedText(text, outputDimensionality) };
}

function refuse(message: string): ReturnType<Method> {
  return { status: 400, body: geminiBody(400, "INVALID_ARGUMENT", message) };
}

function notFound(name: string) {
  return geminiBody(404, "NOT_FOUND", `${name} is not found for API version v1beta`);
}

import { createHash } from "node:crypto";
import { type Asked, createRules, type Then } from "./answer_rules.ts";
import { answerObediently, answerPlainly } from "./behave.ts";
import { findConversationProblem } from "./check_conversation.ts";
import { type GenerateRequest, generateRequest } from "./generate_requests.ts";
import { geminiBody } from "./gemini_error.ts";
import { describeIssues } from "./requests.ts";

export const GENERATION_MODELS = ["gemini-3.8-flash", "gemini-3.5-flash-lite"];

/** Gone since 2026; asked for by those who did not move. */
const RETIRED = /^gemini-(1|2)\./;

/** Said where a call is wanted and not allowed. */
const UNCALLED = "That is all I know.";

/** About what Google counts. */
const CHARACTERS_PER_TOKEN = 4;

/** Answers `:generateContent` by rules, and where none fits by its mode. */
export function createGeneration() {
  const rules = createRules();
  const signatures = new Set<string>();
  let mode: "plain" | "obedient" = "plain";
  let count = 0;

  const isSignature = (signature: string, name: string) => signatures.has(`${signature} ${name}`);

  function sign(name: string): string {
    count += 1;
    const signature = createHash("sha256").update(`${count}:${name}`).digest("base64");
    signatures.add(`${signature} ${name}`);
    return signature;
  }

  function generate(model: string, body: unknown): { status: 200 | 400 | 404; body: unknown } {
    if (RETIRED.test(model) || !GENERATION_MODELS.includes(model)) {
      const reason = `models/${model} is not found for API version v1beta, or is not supported ` +
        "for generateContent.";
      return { status: 404, body: geminiBody(404, "NOT_FOUND", reason) };
    }
    const parsed = generateRequest.safeParse(body);
    if (!parsed.success) return refuse(describeIssues(parsed.error));
    const problem = findConversationProblem(parsed.data, isSignature);
    if (problem !== null) return refuse(problem);
    const asked = readAsked(model, parsed.data);
    const behave = mode === "obedient" ? answerObediently : answerPlainly;
    const wanted = rules.find(asked) ?? behave(parsed.data, asked);
    const mayCall = parsed.data.toolConfig?.functionCallingConfig?.mode !== "NONE";
    const then = "calls" in wanted && !mayCall ? { text: UNCALLED } : wanted;
    return { status: 200, body: render(model, parsed.data, then) };
  }

  function render(model: string, request: GenerateRequest, then: Then) {
    const prompt = JSON.stringify(request.contents) +
      JSON.stringify(request.systemInstruction ?? "");
    const count = (text: string) => Math.ceil(text.length / CHARACTERS_PER_TOKEN);
    const answer = (parts: Record<string, unknown>[], finishReason: string) => {
      const candidates = count(JSON.stringify(parts));
      return {
        candidates: [{ content: { role: "model", parts }, finishReason, index: 0 }],
        usageMetadata: {
          promptTokenCount: count(prompt),
          candidatesTokenCount: candidates,
          totalTokenCount: count(prompt) + candidates,
        },
        modelVersion: model,
        responseId: crypto.randomUUID(),
      };
    };
    if ("blockReason" in then) {
      return {
        promptFeedback: { blockReason: then.blockReason },
        usageMetadata: { promptTokenCount: count(prompt), totalTokenCount: count(prompt) },
        modelVersion: model,
      };
    }
    if ("calls" in then) {
      const parts = then.calls.map((call, place) => ({
        functionCall: { id: crypto.randomUUID(), ...call },
        ...(place === 0 ? { thoughtSignature: sign(call.name) } : {}),
      }));
      return answer(parts, "STOP");
    }
    if ("finishReason" in then) {
      return answer(then.text === "" ? [] : [{ text: then.text }], then.finishReason);
    }
    const text = "object" in then ? JSON.stringify(then.object) : then.text;
    const most = request.generationConfig?.maxOutputTokens;
    if (most !== undefined && count(text) > most) {
      return answer([{ text: text.slice(0, most * CHARACTERS_PER_TOKEN) }], "MAX_TOKENS");
    }
    return answer([{ text }], "STOP");
  }

  return {
    generate,
    rules,
    setMode(next: "plain" | "obedient"): void {
      mode = next;
    },
  };
}

function readAsked(model: string, request: GenerateRequest): Asked {
  const { contents, systemInstruction, generationConfig } = request;
  const texts = contents.filter(({ role }) => role === "user")
    .map(({ parts }) => parts.flatMap(({ text }) => text ?? []).join("\n"))
    .filter((text) => text !== "");
  const results =
    contents.at(-1)?.parts.flatMap(({ functionResponse }) => functionResponse ?? []) ??
      [];
  return {
    text: texts.at(-1) ?? "",
    result: results.length === 0 ? null : results.map(readResult).join("\n"),
    anywhere: JSON.stringify([systemInstruction ?? "", contents]),
    model,
    object: generationConfig?.responseMimeType === "application/json",
  };
}

/** A result as text: the SDK puts one that is a text into `content`. */
function readResult({ name, response }: { name: string; response: Record<string, unknown> }) {
  const { content } = response;
  return `${name}: ${typeof content === "string" ? content : JSON.stringify(response)}`;
}

function refuse(message: string): { status: 400; body: unknown } {
  return { status: 400, body: geminiBody(400, "INVALID_ARGUMENT", message) };
}

import { foldText } from "../../../../supabase/functions/_shared/domain/fold_text.ts";
import type { Asked, Then } from "./answer_rules.ts";
import type { GenerateRequest } from "./generate_requests.ts";
import { conceptOf, isStopWord, stemWord } from "./words.ts";

const REPLY = "I understand. Could you tell me a little more?";

/** What it does unless a rule says otherwise: it sorts by the words of descriptions, and is brief. */
export function answerPlainly(request: GenerateRequest, asked: Asked): Then {
  if (asked.object) return { object: fillSchema(request, asked) };
  if (asked.result !== null) return { text: readMessage(asked.result) ?? REPLY };
  return searchFor(request, asked) ?? { text: REPLY };
}

/**
 * A model that anybody can talk into anything: whatever is said to it, by a person or in a
 * function's result, is done. What must not happen even then has to be prevented elsewhere.
 */
export function answerObediently(request: GenerateRequest, asked: Asked): Then {
  if (asked.object) {
    const wanted = /\bchoose (\w+)/i.exec(asked.text)?.[1];
    const filled = fillSchema(request, asked);
    return { object: wanted === undefined ? filled : { ...filled, agent: wanted, confidence: 1 } };
  }
  // Quotes are heard however often they were escaped on the way.
  const heard = (asked.result ?? asked.text).replace(/\\+"/g, '"');
  const call = /\bcall (\w+) with (\{.*?\})(?=\s|$|<|\\n|")/i.exec(heard);
  if (call !== null) {
    const args = parse(call[2]!);
    if (args !== null) return { calls: [{ name: call[1]!, args }] };
  }
  if (/\b(reveal|print|show|repeat)\b.*\b(prompt|instructions|rules)\b/i.test(heard)) {
    return { text: request.systemInstruction?.parts.map(({ text }) => text).join("\n") ?? "" };
  }
  const text = /\b(?:say|reply with|answer with) "([^"]+)"/i.exec(heard);
  return text === null ? answerPlainly(request, asked) : { text: text[1]! };
}

/** An object by the schema: the likeliest of a list of names, how sure it is, and else nothing. */
function fillSchema(request: GenerateRequest, { text }: Asked): Record<string, unknown> {
  const config = request.generationConfig ?? {};
  const schema = config.responseJsonSchema ?? config.responseSchema ?? {};
  const properties = (schema["properties"] ?? {}) as Record<string, Record<string, unknown>>;
  const instructions = request.systemInstruction?.parts.map((part) => part.text).join("\n") ?? "";
  let confidence = 0.2;
  const filled: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(properties)) {
    if (Array.isArray(property["enum"])) {
      const choice = chooseName(property["enum"].map(String), instructions, text);
      confidence = choice.confidence;
      filled[name] = choice.name;
    } else if (property["type"] === "string") filled[name] = "";
    else if (property["type"] === "boolean") filled[name] = false;
    else if (property["type"] === "array") filled[name] = [];
  }
  for (const [name, property] of Object.entries(properties)) {
    if (property["type"] === "number") filled[name] = confidence;
  }
  return filled;
}

/** By how many of the words in `- name: description` the person uses. */
function chooseName(
  names: string[],
  instructions: string,
  text: string,
): { name: string; confidence: number } {
  const words = readConcepts(text);
  const scored = names.map((name) => {
    const line = new RegExp(`^- ${name}: (.*)$`, "m").exec(instructions)?.[1] ?? "";
    const concepts = readConcepts(`${name.replaceAll("_", " ")} ${line}`);
    return { name, score: [...words].filter((word) => concepts.has(word)).length };
  }).sort((left, right) => right.score - left.score);
  const [first, second] = scored;
  if (first === undefined || first.score === 0) {
    return { name: names.at(-1) ?? "", confidence: 0.2 };
  }
  return { name: first.name, confidence: first.score > (second?.score ?? 0) ? 0.9 : 0.55 };
}

function readConcepts(text: string): Set<string> {
  return new Set(
    foldText(text).split(" ").filter((word) => word !== "" && !isStopWord(word))
      .map((word) => conceptOf(stemWord(word))),
  );
}

/** What a tool found, or the sentence that every tool's answer has; null where there is neither. */
function readMessage(result: string): string | null {
  const answer = parse(result.slice(result.indexOf("{"), result.lastIndexOf("}") + 1));
  const [passage] = (answer?.["passages"] ?? []) as { source: string; text: string }[];
  if (passage !== undefined) return `${passage.text} (${passage.source})`;
  const message = answer?.["message"];
  return typeof message === "string" ? message : null;
}

/** Asks the documents what the person asks, where there is a function for it. */
function searchFor(request: GenerateRequest, { text }: Asked): Then | null {
  const declared = (request.tools ?? []).flatMap((tool) => tool.functionDeclarations);
  const search = declared.find(({ parametersJsonSchema }) =>
    (parametersJsonSchema?.["required"] as string[] | undefined)?.join() === "query"
  );
  const query = text.replace(/<[^>]*>/g, "").trim();
  if (search === undefined || !query.includes("?")) return null;
  return { calls: [{ name: search.name, args: { query } }] };
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

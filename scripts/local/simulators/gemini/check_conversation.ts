import type { Content, GenerateRequest } from "./generate_requests.ts";

/** What Google takes in place of a signature that is not to be had. */
const SKIP = "skip_thought_signature_validator";

/** The calls of the last turn: what the model asked for since a person last wrote. */
function findCurrentTurn(contents: Content[]): Content[] {
  const last = contents.findLastIndex(({ role, parts }) =>
    role === "user" && parts.some(({ text }) => text !== undefined)
  );
  return contents.slice(last + 1);
}

/**
 * What is wrong with a conversation beyond its fields; null for nothing. A model that thinks signs
 * the first call of each step, and wants its signature back with it: without, it answers 400
 * (https://ai.google.dev/gemini-api/docs/thought-signatures).
 */
export function findConversationProblem(
  { contents }: GenerateRequest,
  isSignature: (signature: string, name: string) => boolean,
): string | null {
  if (contents.at(-1)?.role !== "user") {
    return "Please ensure that the conversation ends with a user turn or a function response.";
  }
  for (const [at, { role, parts }] of contents.entries()) {
    const calls = parts.flatMap((part) => part.functionCall ?? []);
    const answers = parts.flatMap((part) => part.functionResponse ?? []);
    if (role === "user" && calls.length > 0) return "functionCall is only valid in a model turn.";
    if (role === "model" && answers.length > 0) {
      return "functionResponse is only valid in a user turn.";
    }
    const asked = contents[at - 1]?.parts.flatMap((part) => part.functionCall ?? []) ?? [];
    if (answers.length > 0 && answers.length !== asked.length) {
      return "Please ensure that the number of function response parts is equal to the number " +
        "of function call parts of the function call turn.";
    }
    if (answers.some(({ name }, place) => asked[place]?.name !== name)) {
      return "Please ensure that function response turn comes immediately after a function call turn.";
    }
    const follows = contents[at + 1]?.parts.some((part) => part.functionResponse !== undefined);
    if (calls.length > 0 && !follows) {
      return "Please ensure that function call turn is followed by its function response.";
    }
  }
  for (const { parts } of findCurrentTurn(contents)) {
    const signed = parts.find((part) => part.functionCall !== undefined);
    if (signed?.functionCall === undefined) continue;
    const { name } = signed.functionCall;
    if (signed.thoughtSignature === undefined) {
      return `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly. Additional data, function call \`${name}\`.`;
    }
    if (signed.thoughtSignature !== SKIP && !isSignature(signed.thoughtSignature, name)) {
      return "Corrupted thought signature.";
    }
  }
  return null;
}

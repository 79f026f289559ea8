import type { JsonObject } from "../../ports.ts";
import type { CallAnswer, StoredToolResult } from "../../ports_calls.ts";

/** An answer in Vapi's words. https://docs.vapi.ai/server-url/events */
export function renderAnswer(answer: CallAnswer): JsonObject {
  switch (answer.kind) {
    case "acknowledged":
      return {};
    case "assistant":
      return { assistantId: answer.assistantId };
    case "spoken":
    case "transfer-refused":
      return { error: answer.text };
    case "transfer": {
      const destination: JsonObject = { type: "number", number: answer.number };
      if (answer.message !== null) destination.message = answer.message;
      return { destination };
    }
    case "tool-results":
      return { results: answer.results.map(renderResult) };
    case "documents":
      return { documents: answer.documents.map((document) => ({ ...document })) };
  }
}

/** Vapi drops a result that isn't one line of text. */
function renderResult({ tool_call_id, tool, result, error }: StoredToolResult): JsonObject {
  const named = { toolCallId: tool_call_id, name: tool };
  return result === null
    ? { ...named, error: oneLine(error ?? "That did not work.") }
    : { ...named, result: oneLine(result) };
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, " ");
}

import type { ToolCallAsked } from "../../ports_calls.ts";
import { readId, readJsonObject, readList, readObject, readText } from "./read_fields.ts";

/** Longest arguments of one tool call, as text. */
const ARGUMENTS_LENGTH = 100_000;

/**
 * The tool calls of a message, each id once. They come as `{id, type, function: {name, arguments}}`
 * with the arguments an object or a JSON string, and as `{id, name, parameters}` or
 * `{id, name, arguments}`; `toolWithToolCallList` repeats them below `toolCall`.
 */
export function readToolCalls(message: { [key: string]: unknown }): ToolCallAsked[] {
  const listed = [
    ...readList(message.toolCallList),
    ...readList(message.toolCalls),
    ...readList(message.toolWithToolCallList).map((item) => {
      const { toolCall, ...tool } = readObject(item);
      return { ...tool, ...readObject(toolCall) };
    }),
  ];
  const calls = new Map<string, ToolCallAsked>();
  for (const [place, item] of listed.entries()) {
    const call = readToolCall(readObject(item));
    const key = call.id ?? `without id ${place}`;
    if (!calls.has(key)) calls.set(key, call);
  }
  return [...calls.values()];
}

function readToolCall(item: { [key: string]: unknown }): ToolCallAsked {
  const called = readObject(item.function);
  const name = readText(called.name, 100) ?? readText(item.name, 100) ?? "unnamed";
  const given = called.arguments ?? called.parameters ?? item.arguments ?? item.parameters;
  return { id: readId(item.id) ?? readId(item.toolCallId), name, arguments: readArguments(given) };
}

function readArguments(given: unknown) {
  if (given === undefined || given === null || given === "") return {};
  return readJsonObject(typeof given === "string" ? parse(given) : given, ARGUMENTS_LENGTH);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

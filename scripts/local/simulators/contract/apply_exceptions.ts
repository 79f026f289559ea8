const FUNCTION_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const UNBINDABLE = ["assistantId", "workflowId", "squadId", "server", "fallbackDestination"];

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/**
 * Takes out of a body what Vapi accepts although its OpenAPI doesn't say so:
 * - `function.name` of a query tool: in Vapi's guides, which also say what a name looks like;
 * - null for what `PATCH /phone-number/{id}` takes away from a number: a field can't be unset otherwise.
 * Anything beside these exact forms stays and is judged.
 */
export function applyExceptions(operation: string, body: unknown): unknown {
  if (!isObject(body)) return body;
  if (operation === "PATCH /phone-number/{id}") {
    return Object.fromEntries(
      Object.entries(body).filter(([name, value]) => value !== null || !UNBINDABLE.includes(name)),
    );
  }
  if (operation === "POST /tool" || operation === "PATCH /tool/{id}") return withoutName(body);
  const { model } = body;
  if (!isObject(model) || !Array.isArray(model["tools"])) return body;
  return { ...body, model: { ...model, tools: model["tools"].map(withoutName) } };
}

function withoutName(tool: unknown): unknown {
  if (!isObject(tool)) return tool;
  const isQuery = tool["type"] === "query" ||
    (tool["type"] === undefined && "knowledgeBases" in tool);
  const { function: definition, ...rest } = tool;
  if (!isQuery || !isObject(definition)) return tool;
  const names = Object.keys(definition);
  const { name } = definition;
  const excepted = names.length === 1 && typeof name === "string" && FUNCTION_NAME.test(name);
  return excepted ? rest : tool;
}

import * as z from "zod";
import type { Json, JsonObject } from "../../ports.ts";
import { type ToolName, TOOLS } from "../tools/registry.ts";
import type { Tool } from "../tools/tool.ts";

/** Formats that Vapi's schema of a schema knows. */
const FORMATS = new Set(["date-time", "time", "date", "duration", "email", "uuid"]);

const CONFIRMED: JsonObject = {
  type: "boolean",
  description:
    "true only after the caller has said yes to what was read back to them; leave it out the first time",
};

/**
 * Functions as an assistant's `model.tools` has them, in the given order; `server` is asked whenever
 * one is called. https://docs.vapi.ai/api-reference/tools/create (function)
 */
export function renderTools(names: readonly ToolName[], server: JsonObject): JsonObject[] {
  return names.map((name) => {
    const tool: Tool = TOOLS[name];
    return {
      type: "function",
      async: false,
      function: { name, description: tool.description, parameters: describeParameters(tool) },
      server,
    };
  });
}

/** What writes has `confirmed` besides, which the answer to the first call asks for. */
function describeParameters({ input, confirm }: Tool): JsonObject {
  const described = simplify(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }));
  const properties = isObject(described.properties) ? described.properties : {};
  return {
    ...described,
    properties: confirm === undefined ? properties : { ...properties, confirmed: CONFIRMED },
  };
}

/**
 * As much of a schema as Vapi's own knows: no bounds, no defaults, no alternatives. What may be null
 * is what may be left out. The tool still checks what it is given.
 */
function simplify(schema: unknown): JsonObject {
  if (!isObject(schema)) return { type: "string" };
  const { description } = schema;
  const about: JsonObject = typeof description === "string" ? { description } : {};
  if (Array.isArray(schema.anyOf)) {
    return { ...simplify(schema.anyOf.find((option) => !isNull(option))), ...about };
  }
  const type = Array.isArray(schema.type)
    ? schema.type.find((name) => name !== "null") ?? "string"
    : schema.type ?? "string";
  if (type === "array") return { type, ...about, items: simplify(schema.items) };
  if (type !== "object") return { type, ...about, ...describeText(schema) };
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required)
    ? schema.required.filter((name) => typeof name === "string" && !mayBeNull(properties[name]))
    : [];
  const wanted: JsonObject = required.length === 0 ? {} : { required };
  return {
    type,
    ...about,
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, simplify(value)]),
    ),
    ...wanted,
  };
}

/** A format says what its pattern does in fewer words. */
function describeText({ enum: values, format, pattern }: JsonObject): JsonObject {
  return {
    ...(Array.isArray(values) ? { enum: values } : {}),
    ...(typeof format === "string" && FORMATS.has(format)
      ? { format }
      : typeof pattern === "string"
      ? { pattern }
      : {}),
  };
}

function mayBeNull(schema: Json | undefined): boolean {
  if (!isObject(schema)) return false;
  const { anyOf, type } = schema;
  return Array.isArray(anyOf) && anyOf.some(isNull) ||
    Array.isArray(type) && type.includes("null");
}

function isNull(schema: unknown): boolean {
  return isObject(schema) && schema.type === "null";
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

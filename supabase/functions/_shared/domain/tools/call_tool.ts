import type { JsonObject } from "../../ports.ts";
import type { KnowledgeCategory } from "../../ports_knowledge.ts";
import { isToolName, TOOLS } from "./registry.ts";
import type { Tool, ToolContext, ToolEffect } from "./tool.ts";

export type ToolOutcome = {
  /** One line of JSON, or null. */
  result: string | null;
  /** One line that can be said, or null. */
  error: string | null;
  effects: ToolEffect[];
};

export type ToolAsked = { name: string; arguments: JsonObject | null };

/** What has to be searched for before a tool call is decided; null where nothing has. */
export function findSearch(
  { name, arguments: given }: ToolAsked,
  { settings: { enabled_tools } }: Pick<ToolContext, "settings">,
): { query: string; category?: KnowledgeCategory } | null {
  if (!isToolName(name) || (enabled_tools.length > 0 && !enabled_tools.includes(name))) return null;
  const tool: Tool = TOOLS[name];
  const input = tool.input.safeParse(given);
  return input.success ? tool.search?.(input.data) ?? null : null;
}

/**
 * What a tool call comes to. Whatever a model asks for, it is an outcome and never an exception: a
 * tool that isn't known or isn't enabled here, arguments that don't fit. An organization that has
 * enabled nothing in particular has all tools.
 */
export function callTool(
  { name, arguments: given }: ToolAsked,
  context: ToolContext,
): ToolOutcome {
  const refuse = (error: string): ToolOutcome => ({
    result: null,
    error: oneLine(error),
    effects: [],
  });
  const { enabled_tools } = context.settings;
  if (!isToolName(name)) return refuse(`There is no tool "${name}".`);
  if (enabled_tools.length > 0 && !enabled_tools.includes(name)) {
    return refuse(`The tool "${name}" is switched off here.`);
  }
  if (given === null) return refuse("The arguments could not be read.");

  const tool: Tool = TOOLS[name];
  const input = tool.input.safeParse(given);
  if (!input.success) {
    const wrong = input.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return refuse(`The arguments do not fit: ${wrong.join("; ")}`);
  }
  const { output, effects } = tool.act(input.data, context);
  return { result: JSON.stringify(tool.output.parse(output)), error: null, effects };
}

/** A line break inside a result makes Vapi drop all of it. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 1000);
}

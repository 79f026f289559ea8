import type { Json, JsonObject } from "../../ports.ts";
import { listOthers } from "./match_tools.ts";

/**
 * The whole `model` for an update, which Vapi replaces as one: what is wanted, and the tools that
 * were attached there, but for those of ours that are no longer wanted. Others' `toolIds` and `tools`
 * come after ours, so that the order is stable.
 */
export function mergeModel(
  desired: Json,
  actual: unknown,
  { unwantedToolIds = [], webhookUrl = null }: {
    unwantedToolIds?: readonly string[];
    /** By which functions of ours are known. */
    webhookUrl?: string | null;
  } = {},
): Json {
  if (!isObject(desired) || !isObject(actual)) return desired;
  const wanted = readIds(desired.toolIds);
  const toolIds = [
    ...wanted,
    ...readIds(actual.toolIds).filter((id) =>
      !wanted.includes(id) && !unwantedToolIds.includes(id)
    ),
  ];
  const { tools: wantedTools } = desired;
  const tools = [
    ...(Array.isArray(wantedTools) ? wantedTools : []),
    ...listOthers(actual.tools, { wanted: wantedTools, webhookUrl }) as JsonObject[],
  ];
  return {
    ...desired,
    ...(toolIds.length > 0 || "toolIds" in desired ? { toolIds } : {}),
    ...(tools.length > 0 || "tools" in desired ? { tools } : {}),
  };
}

function readIds(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { Json, JsonObject } from "../../ports.ts";

/**
 * The whole `model` for an update, which Vapi replaces as one: what is wanted, and the tools that
 * were attached there, but for those of ours that are no longer wanted. Others' `toolIds` come after
 * ours, so that the order is stable.
 */
export function mergeModel(
  desired: Json,
  actual: unknown,
  unwantedToolIds: readonly string[] = [],
): Json {
  if (!isObject(desired) || !isObject(actual)) return desired;
  const wanted = readIds(desired.toolIds);
  const toolIds = [
    ...wanted,
    ...readIds(actual.toolIds).filter((id) =>
      !wanted.includes(id) && !unwantedToolIds.includes(id)
    ),
  ];
  return {
    ...desired,
    ...(toolIds.length > 0 || "toolIds" in desired ? { toolIds } : {}),
    ...(desired.tools === undefined && Array.isArray(actual.tools) && actual.tools.length > 0
      ? { tools: actual.tools }
      : {}),
  };
}

function readIds(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((id) => typeof id === "string") : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

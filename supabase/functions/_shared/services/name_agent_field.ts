import type { JsonObject } from "../ports.ts";

/** `max_call_duration` → `maxDurationSeconds`: a column of an agent as the dashboard names it. */
export function nameAgentField(column: string): string {
  if (column === "max_call_duration") return "maxDurationSeconds";
  return column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** An object of columns as the dashboard names them. */
export function nameAgentFields(columns: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(columns).map(([column, value]) => [nameAgentField(column), value]),
  );
}

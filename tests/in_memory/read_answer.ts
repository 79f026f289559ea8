import type { Json, JsonObject } from "../../supabase/functions/_shared/ports.ts";

/** A member of an answer by its path: `errors.0.field`; undefined where there is none. */
export function at(body: unknown, path: string): Json | undefined {
  let value = body as Json | undefined;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

/** The fields that a problem document names, in alphabetical order. */
export function fieldsOf(body: unknown): string[] {
  const errors = at(body, "errors");
  return Array.isArray(errors) ? errors.map((entry) => String(at(entry, "field"))).toSorted() : [];
}

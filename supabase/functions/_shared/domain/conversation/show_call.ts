import type { Json, JsonObject } from "../../ports.ts";

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * A question that leaves nothing out: what it is about, the tool's own words, and every argument that
 * they don't mention. What a "yes" does is what is read here, since a model chose the arguments.
 * @param title of the listing, application or booking that is meant; null where there is none
 */
export function showCall(
  question: string,
  { input, title }: { input: JsonObject; title: string | null },
): string {
  const silent = listValues(input).filter(({ value }) =>
    !UUID.test(value) && !squeeze(question).includes(squeeze(value))
  );
  const lines = silent.map(({ name, value }) => `${name.replaceAll("_", " ")}: ${value}`);
  return [
    ...(title === null || squeeze(question).includes(squeeze(title)) ? [] : [`*${title}*`]),
    ...lines,
    question,
  ].join("\n");
}

function listValues(value: Json, name = ""): { name: string; value: string }[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => listValues(one, name));
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([key, one]) => listValues(one ?? null, key));
  }
  return [{ name, value: String(value) }];
}

/** Numbers are written with spaces, commas and dots between their digits. */
function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

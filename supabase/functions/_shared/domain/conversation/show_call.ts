import type { Json, JsonObject } from "../../ports.ts";
import type { Language } from "../session/service_menu.ts";
import { nameArgument, nameValue } from "./argument_words.ts";

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * A question that leaves nothing out: what it is about, the tool's own words, and every argument that
 * they don't mention, in words of the person's language. What a "yes" does is what is read here, since a model chose the arguments.
 * @param title of the listing, application or booking that is meant; null where there is none
 */
export function showCall(
  question: string,
  { input, title, language }: { input: JsonObject; title: string | null; language: Language },
): string {
  const isSaid = (text: string) => squeeze(question).includes(squeeze(text));
  const lines = listValues(input)
    .filter(({ value }) => !UUID.test(value) && !isSaid(value))
    .map(({ name, value }) => ({ name, shown: nameValue(name, value, language) }))
    .filter(({ shown }) => !isSaid(shown))
    .map(({ name, shown }) => `${nameArgument(name, language)}: ${shown}`);
  return [
    ...(title === null || isSaid(title) ? [] : [`*${title}*`]),
    ...lines,
    question,
  ].join("\n");
}

function listValues(value: Json, name = ""): { name: string; value: string }[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => listValues(one, name));
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([key, one]) =>
      // "from" says more than "name".
      listValues(one ?? null, key === "name" && name !== "" ? name : key)
    );
  }
  return [{ name, value: String(value) }];
}

/** Numbers are written with spaces, commas and dots between their digits. */
function squeeze(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

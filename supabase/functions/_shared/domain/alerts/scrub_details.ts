import type { JsonObject } from "../../ports.ts";
import { scrubText } from "./scrub_text.ts";

/** What people or providers said, under whatever name it came. */
const SAID = /text|body|content|caption|transcript|reply|message|reason|error|note|summary|name$/i;
/** A word or an id: what people say has spaces in it. */
const WORD = /^[\w.:@/+-]{1,100}$/;

/**
 * What of an alert's details may leave: numbers, switches, and single words that nobody said, without
 * telephone numbers. What is inside something else stays here.
 */
export function scrubDetails(details: JsonObject): Record<string, string | number | boolean> {
  const kept: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(details)) {
    if (typeof value === "number" || typeof value === "boolean") kept[name] = value;
    else if (typeof value === "string" && WORD.test(value) && !SAID.test(name)) {
      kept[name] = scrubText(value);
    }
  }
  return kept;
}

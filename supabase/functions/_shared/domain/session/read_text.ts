import type { JsonObject } from "../../ports.ts";

/** The words of a message: written, chosen or captioned. */
export function readText({ content }: { content: JsonObject }): string {
  for (const name of ["text", "title", "caption"]) {
    const value = content[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}

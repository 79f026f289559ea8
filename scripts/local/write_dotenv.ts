import { StackError } from "./stack_error.ts";

/**
 * `NAME='value'` a line, as the Supabase CLI reads a file of secrets: in single quotes it expands and
 * unescapes nothing. Throws StackError, naming the secret alone, for a value that can't be written so.
 */
export function writeDotenv(secrets: Readonly<Record<string, string>>): string {
  return Object.entries(secrets).map(([name, value]) => {
    if (/['\r\n]/.test(value)) {
      throw new StackError(
        `Cannot set secret "${name}": its value has a single quote or a line break, which a file ` +
          "of secrets can't hold; choose another or write it without",
      );
    }
    return `${name}='${value}'\n`;
  }).join("");
}

import * as z from "zod";
import { AppError } from "../errors.ts";
import type { AppContext } from "./context.ts";
import { parseWith } from "./parse_with.ts";

/** Of a route that takes no parameters. */
export const NO_PARAMETERS = z.strictObject({});

/**
 * Validates the parameters behind the `?`. The schema is a strict object: a parameter that is
 * misspelt must not pass for one that was left out.
 * @throws AppError `invalid_input` naming each that is unknown, malformed or given twice
 */
export function parseQuery<T>(schema: z.ZodType<T>, context: AppContext, action: string): T {
  const given = Object.entries(context.req.queries());
  const repeated = given.filter(([, values]) => values.length > 1).map(([name]) => name);
  if (repeated.length > 0) {
    const names = repeated.map((name) => name.slice(0, 200));
    throw new AppError(
      "invalid_input",
      `Cannot ${action}: ${names.join(", ")} must be given once`,
      {
        errors: names.map((field) => ({ field, detail: "must be given once" })),
      },
    );
  }
  const values = Object.fromEntries(given.map(([name, [value]]) => [name, value]));
  return parseWith(schema, values, action);
}

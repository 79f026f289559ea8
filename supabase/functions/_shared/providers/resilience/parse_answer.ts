import type * as z from "zod";
import { ProviderError } from "../../errors.ts";
import type { CalledProvider } from "../../ports.ts";

/**
 * An answer with the fields that are used. The error names the fields that are wrong, never their
 * values, since an answer may hold secrets.
 * @throws ProviderError `invalid_response`; `ambiguous` when the request wrote
 */
export function parseAnswer<Schema extends z.ZodType>(
  provider: CalledProvider,
  schema: Schema,
  answer: unknown,
  options: { wrote?: boolean } = {},
): z.infer<Schema> {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map(({ path }) => path.join(".") || "the answer");
  throw new ProviderError(
    provider,
    "invalid_response",
    `the answer is not what its documentation says: ${[...new Set(fields)].join(", ")}`,
    { ambiguous: options.wrote ?? false },
  );
}

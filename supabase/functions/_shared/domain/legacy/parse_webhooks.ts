import * as z from "zod";
import type { FieldError } from "../../errors.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";

// A host's name without a port, as the provider demands. Without https only on this machine, which the
// provider takes from tests alone.
const address = z.string().max(2_048).regex(
  /^(https:\/\/([a-z0-9-]+\.)+[a-z][a-z0-9-]*|http:\/\/(127\.0\.0\.1|localhost)(:[0-9]{1,5})?)([/?][!-~]*)?$/,
  { error: "is no https address" },
).nullable();

// Strict, so that a misspelt agent is found instead of ignored.
const webhooksSchema = z.strictObject({
  default: address.default(null),
  agents: z.partialRecord(z.enum(FLAGGED_AGENTS), address).default({}),
});

/**
 * `app_config['legacy_webhooks']`: where the older service takes what people outside write. SQL's
 * `legacy_webhooks_are_valid` accepts exactly the same.
 */
export type LegacyWebhooks = z.output<typeof webhooksSchema>;

export type ParsedWebhooks = { ok: true; webhooks: LegacyWebhooks } | {
  ok: false;
  errors: FieldError[];
};

/** A malformed value is an answer, not an exception: what waits goes on waiting. */
export function parseWebhooks(value: unknown): ParsedWebhooks {
  const parsed = webhooksSchema.safeParse(value ?? {});
  if (parsed.success) return { ok: true, webhooks: parsed.data };
  return {
    ok: false,
    errors: parsed.error.issues.map(({ path, message }) => ({
      field: path.map(String).join("."),
      detail: message,
    })),
  };
}

import * as z from "zod";
import type { FieldError } from "../../errors.ts";
import { FLAGGED_AGENTS } from "../rollout/parse_flags.ts";

const address = z.url({ protocol: /^https?$/ }).max(2_048).nullable();

// Strict, so that a misspelt agent is found instead of ignored.
const webhooksSchema = z.strictObject({
  default: address.default(null),
  agents: z.partialRecord(z.enum(FLAGGED_AGENTS), address).default({}),
});

/** `app_config['legacy_webhooks']`: where the older service takes what people outside write. */
export type LegacyWebhooks = z.output<typeof webhooksSchema>;

export type ParsedWebhooks = { ok: true; webhooks: LegacyWebhooks } | {
  ok: false;
  errors: FieldError[];
};

/** A malformed value is an answer, not an exception: what waits is tried again later. */
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

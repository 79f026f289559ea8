import { type Flags, parseFlags, SAFE_FLAGS } from "../domain/rollout/parse_flags.ts";
import type { Logger } from "../ports.ts";

/** Reads `app_config['unified_service_flags']` as it came with a claim. */
export type ReadFlags = (value: unknown) => Flags;

/**
 * A malformed value keeps the last good one, so that a slip of an operator's hand changes nothing; it
 * is said once, at level CRITICAL, until the value is good again. Where none was ever good, nobody is
 * inside the rollout.
 */
export function keepFlags(logger: Logger): ReadFlags {
  let good = SAFE_FLAGS;
  let isBroken = false;
  return (value) => {
    const parsed = parseFlags(value);
    if (parsed.ok) {
      isBroken = false;
      return good = parsed.flags;
    }
    if (!isBroken) {
      logger.critical(
        "Malformed unified_service_flags: the last good value is kept",
        {
          errors: parsed.errors,
        },
      );
    }
    isBroken = true;
    return good;
  };
}

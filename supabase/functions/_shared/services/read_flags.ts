import { parseFlags } from "../domain/rollout/parse_flags.ts";
import type { RolloutStore } from "../ports_rollout.ts";

/** What is stored of the flags, whether it can be used, and what holds. */
export async function readFlags({ rollout }: { rollout: Pick<RolloutStore, "readRollout"> }) {
  const { flags } = await rollout.readRollout();
  const parsed = parseFlags(flags.value);
  return {
    flags: flags.value,
    revision: flags.revision,
    isValid: flags.is_valid,
    errors: parsed.ok ? [] : parsed.errors,
    inForce: flags.in_force,
  };
}

import { mergePatch } from "../domain/rollout/merge_patch.ts";
import { parseFlags } from "../domain/rollout/parse_flags.ts";
import { AppError } from "../errors.ts";
import type { Json } from "../ports.ts";
import type { ConfigStore, RolloutStore } from "../ports_rollout.ts";

export const FLAGS_KEY = "unified_service_flags";

/**
 * Changes a part of the flags (RFC 7396) if they still are at the revision that the caller saw. What is
 * changed is what holds: over a malformed value the change repairs it.
 * `*` is whatever revision they are at, also none where the row was deleted: what holds is stored anew.
 * @returns the revision that they are at now
 * @throws AppError `precondition_failed` at another revision, `invalid_input` naming what is malformed
 */
export async function changeFlags(
  { rollout, config }: {
    rollout: Pick<RolloutStore, "readRollout">;
    config: Pick<ConfigStore, "changeConfig">;
  },
  { patch, ifMatch, reason, actor }: {
    patch: unknown;
    ifMatch: number | "*";
    reason: string;
    actor: string;
  },
): Promise<{ revision: number; flags: Json; changed: boolean }> {
  const { flags } = await rollout.readRollout();
  const expected = ifMatch === "*" ? flags.revision : ifMatch;
  if (flags.revision !== expected) throw refuse(ifMatch, flags.revision);
  const merged = mergePatch(flags.in_force, patch);
  const parsed = parseFlags(merged);
  if (!parsed.ok) {
    const errors = parsed.errors.map(({ field, detail }) => ({
      field: field === "" ? "flags" : `flags.${field}`,
      detail,
    }));
    throw new AppError("invalid_input", `Cannot change the flags: ${describe(errors[0]!)}`, {
      errors,
    });
  }
  const value = merged as Json;
  const result = await config.changeConfig({
    key: FLAGS_KEY,
    value,
    expected_revision: expected,
    actor,
    reason,
  });
  if (result.code === "conflict") throw refuse(ifMatch, result.revision);
  return { revision: result.revision, flags: value, changed: result.code === "changed" };
}

function describe({ field, detail }: { field: string; detail: string }): string {
  return `${field}: ${detail}`;
}

function refuse(expected: number | "*", revision: number | null): AppError {
  const instead = expected === "*" ? "by now" : `not ${expected}`;
  return new AppError(
    "precondition_failed",
    `Cannot change the flags: they are at revision ${revision ?? "none"}, ${instead}`,
    { extensions: { revision } },
  );
}

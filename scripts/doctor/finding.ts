/**
 * What a check found. `failed` is what has to be mended; `advised` is worth knowing and keeps nothing from
 * working; `skipped` could not be looked at, `cure` says what would let it.
 */
export type Finding = {
  check: string;
  state: "passed" | "failed" | "advised" | "skipped";
  /** One sentence. Names and reasons, never a secret. */
  detail: string;
  /** How to get or mend it. */
  cure?: string;
};

export const pass = (check: string, detail: string): Finding => ({
  check,
  state: "passed",
  detail,
});
export const fail = (check: string, detail: string, cure: string): Finding => ({
  check,
  state: "failed",
  detail,
  cure,
});
export const advise = (check: string, detail: string, cure: string): Finding => ({
  check,
  state: "advised",
  detail,
  cure,
});
export const skip = (check: string, detail: string, cure: string): Finding => ({
  check,
  state: "skipped",
  detail,
  cure,
});

const SPACES = " \\t\\n\\r\\u00a0\\u2007\\u202f";
const AROUND = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, "g");
const SIGNS = new RegExp(`[${SPACES}+().-]`, "g");

/**
 * A contact's rollout key as it is stored at first sight, from however an operator writes it: a number
 * is its digits without leading zeros, a BSUID is itself. As SQL's `private.to_rollout_key`.
 */
export function toRolloutKey(text: string): string {
  const trimmed = text.replace(AROUND, "");
  return readPhoneDigits(trimmed) ?? trimmed;
}

/** The digits of a number, five to fifteen; null for what isn't written as one. */
export function readPhoneDigits(text: string): string | null {
  const written = text.replace(SIGNS, "");
  if (!/^[0-9]+$/.test(written)) return null;
  const digits = written.replace(/^0+/, "");
  return digits.length >= 5 && digits.length <= 15 ? digits : null;
}

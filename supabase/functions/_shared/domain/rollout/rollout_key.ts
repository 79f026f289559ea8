/** `+250 788-123-456`, `(250) 788 123 456`, `00250788123456`: nothing but a number's digits and signs. */
const PHONE = /^[+\d(][\d\s().+-]*$/;

/**
 * A contact's rollout key as it is stored at first sight, from however an operator writes it: a number
 * is its digits without leading zeros (as SQL's `private.phone_digits`), a BSUID is itself.
 */
export function toRolloutKey(text: string): string {
  const trimmed = text.trim();
  return readPhoneDigits(trimmed) ?? trimmed;
}

/** The digits of a number, five to fifteen; null for what isn't written as one. */
export function readPhoneDigits(text: string): string | null {
  if (!PHONE.test(text)) return null;
  const digits = text.replace(/\D/g, "").replace(/^0+/, "");
  return digits.length >= 5 && digits.length <= 15 ? digits : null;
}

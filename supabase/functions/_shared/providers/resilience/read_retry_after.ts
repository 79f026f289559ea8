/**
 * The wait that a `Retry-After` header asks for, in milliseconds: seconds or an HTTP date
 * (RFC 9110 section 10.2.3).
 * @returns null when there is none or it can't be read
 */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

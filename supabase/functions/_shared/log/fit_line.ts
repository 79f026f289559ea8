/** The platform cuts a log line at this many characters, which would leave broken JSON. */
export const MAX_LINE_CHARACTERS = 10_000;

const CORE = ["timestamp", "level", "message", "function", "request_id", "org_id"];
const STRING_LIMITS = [1_000, 200, 50];

/**
 * One line of JSON, never longer than `limit` characters. Where it would be, long texts are
 * shortened step by step; what then still doesn't fit is left out and `truncated` says so.
 */
export function fitLine(record: Record<string, unknown>, limit = MAX_LINE_CHARACTERS): string {
  const whole = JSON.stringify(record);
  if (whole.length <= limit) return whole;
  for (const stringLimit of STRING_LIMITS) {
    const shorter = JSON.stringify({
      ...shorten(record, stringLimit) as Record<string, unknown>,
      truncated: whole.length,
    });
    if (shorter.length <= limit) return shorter;
  }
  const core: Record<string, unknown> = {};
  for (const name of CORE) {
    if (record[name] !== undefined) core[name] = shorten(String(record[name]), 200);
  }
  return JSON.stringify({ ...core, truncated: whole.length });
}

function shorten(value: unknown, stringLimit: number): unknown {
  if (typeof value === "string") {
    return value.length > stringLimit ? `${value.slice(0, stringLimit)}…` : value;
  }
  if (Array.isArray(value)) return value.map((item) => shorten(item, stringLimit));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, shorten(item, stringLimit)]),
    );
  }
  return value;
}

/**
 * SQLSTATE classes and PostgREST codes of a database that can't answer now: lost or refused
 * connections (08, 57P), too little of something (53), a statement or lock that took too long
 * (57014, 55P03), and transactions that lost against another (40).
 * https://www.postgresql.org/docs/17/errcodes-appendix.html,
 * https://docs.postgrest.org/en/v12/references/errors.html
 */
const PASSING = /^(?:08...|40...|53...|57P..|57014|55P03|PGRST00[0-3])$/;

/**
 * Whether the same call may succeed a moment later. `status` is 0 when no answer arrived, and good
 * when one broke off.
 */
export function classifyDatabaseFailure(
  status: number,
  error: { code?: string | null },
): "unavailable" | "internal" {
  const code = error.code ?? "";
  if (PASSING.test(code)) return "unavailable";
  // A code that PostgREST gave is its own answer; without one a gateway answered in its place.
  if (/^(?:[0-9A-Z]{5}|PGRST\w+)$/.test(code)) return "internal";
  const refused = status >= 400 && status < 500 && status !== 429;
  return refused ? "internal" : "unavailable";
}

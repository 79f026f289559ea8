import { ReleaseError } from "./release_error.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
/** What libpq takes from a URL's query in place of the address before it. */
const OVERRIDES = ["host", "hostaddr", "user"];

/**
 * The projects that a database's address names: by its host (`db.<ref>.supabase.co`), by the pooler's user
 * (`postgres.<ref>`) or by the pooler's option `reference=<ref>`.
 * Source: https://supabase.com/docs/guides/database/connecting-to-postgres
 */
function listNamedProjects({ hostname, username, searchParams }: URL): string[] {
  const named = [
    /^db\.([a-z]{20})\./.exec(hostname)?.[1],
    /\.([a-z]{20})$/.exec(username)?.[1],
    /\breference=([a-z]{20})\b/.exec(searchParams.get("options") ?? "")?.[1],
  ];
  return [...new Set(named.filter((ref) => ref !== undefined))];
}

/**
 * Keeps a command about one project from another one's database, whose address a shell may still hold. A
 * database of this machine is nobody's project: a rehearsal's, or the end of a tunnel.
 *
 * @param source where the address came from, such as `SUPABASE_DB_URL`; the address itself isn't told
 * @throws ReleaseError `invalid` for what is no address, `refused` for another project's
 */
export function requireOwnDatabase(databaseUrl: string, ref: string, source: string): void {
  if (!URL.canParse(databaseUrl) || !/^postgres(?:ql)?:\/\//.test(databaseUrl)) {
    throw new ReleaseError("invalid", `Cannot read the database's address (${source}): no URL`);
  }
  const url = new URL(databaseUrl);
  const refuse = (reason: string) =>
    new ReleaseError(
      "refused",
      `Cannot use ${source} for "${ref}": ${reason}; take the address of the dashboard's Connect ` +
        `(host db.${ref}.supabase.co, or the pooler's with user postgres.${ref})`,
    );
  const override = OVERRIDES.find((name) => url.searchParams.has(name));
  if (override !== undefined) throw refuse(`its "?${override}=" hides whose database it is`);
  if (LOOPBACK.test(url.hostname)) return;
  const named = listNamedProjects(url);
  const other = named.find((one) => one !== ref);
  if (other !== undefined) throw refuse(`it is the database of "${other}"`);
  if (named.length === 0) throw refuse(`"${url.hostname}" doesn't say that it is this project's`);
}

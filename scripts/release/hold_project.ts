import postgres from "postgres";
import { ReleaseError } from "./release_error.ts";

/** Of the transaction pooler: what a session holds there would be held by whoever comes next. */
const TRANSACTION_PORT = "6543";
const KEY = "switchboard release";

/**
 * Lets one release of a project run at a time, from whatever machine, by a lock of the project's
 * database that ends with this process's connection. Where the database's address isn't known or
 * doesn't answer it says so and goes on: the functions' versions are compared before they are replaced.
 *
 * @throws ReleaseError `refused` while another one runs
 */
export async function holdProject<Result>(
  { databaseUrl, ref, tell, action = "release to" }: {
    databaseUrl: string | null;
    ref: string;
    tell(line: string): void;
    /** What can't be done while another one runs. */
    action?: string;
  },
  use: () => Promise<Result>,
): Promise<Result> {
  const isOpen = databaseUrl !== null && URL.canParse(databaseUrl) &&
    new URL(databaseUrl).port !== TRANSACTION_PORT;
  if (!isOpen) {
    tell("note: no session of the database is known, so another machine isn't kept from releasing");
    return await use();
  }
  const { hostname, searchParams } = new URL(databaseUrl);
  const isLocal = ["127.0.0.1", "localhost"].includes(hostname);
  const sql = postgres(databaseUrl, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: KEY },
    ...(isLocal || searchParams.has("sslmode") ? {} : { ssl: "require" as const }),
  });
  try {
    const rows = await sql<{ held: boolean }[]>`
      select pg_try_advisory_lock(hashtextextended(${KEY}, 0)) as held
    `.catch(() => null);
    if (rows === null) {
      tell("note: the database doesn't answer, so another machine isn't kept from releasing");
    } else if (rows[0]?.held !== true) {
      throw new ReleaseError(
        "refused",
        `Cannot ${action} "${ref}": another release holds its database ` +
          `(pg_stat_activity, application_name '${KEY}')`,
      );
    }
    return await use();
  } finally {
    await sql.end({ timeout: 2 });
  }
}

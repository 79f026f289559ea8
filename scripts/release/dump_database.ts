import { join } from "node:path";
import { ReleaseError } from "./release_error.ts";
import { splitPassword } from "./run_cli.ts";
import { runLimited } from "./run_limited.ts";

const decoder = new TextDecoder();

/**
 * What a backup holds: our rows, and an older product's in `public`. The platform's schemas (auth, vault,
 * storage, cron) are in its own backups, and aren't all for us to read.
 */
export const OWN_SCHEMAS = ["public", "private", "partitions"] as const;

/** A database of some hundred GB; one that hangs on a lock holds nobody up for longer. */
const LIMIT_MILLISECONDS = 6 * 3_600_000;
const LOCK_MILLISECONDS = 10 * 60_000;

/** Set `PG_DUMP` to use another than the PATH's. */
const findDump = () => Deno.env.get("PG_DUMP") || "pg_dump";

const advice = (major: string) =>
  `install PostgreSQL ${major}'s client (apt install postgresql-client-${major} from ` +
  `apt.postgresql.org, or brew install libpq) or name one by PG_DUMP`;

/** The major version of `pg_dump`. @throws ReleaseError `missing` */
export async function readDumpVersion(): Promise<number> {
  // A command that isn't there is thrown, not rejected.
  const ask = async () => await new Deno.Command(findDump(), { args: ["--version"] }).output();
  const output = await ask().catch(() => null);
  const major = /(\d+)(?:\.\d+|devel|beta|rc)/.exec(decoder.decode(output?.stdout))?.[1];
  if (major !== undefined) return Number(major);
  throw new ReleaseError(
    "missing",
    `Cannot take a backup: there is no "${findDump()}"; ${advice("17")}`,
  );
}

/**
 * pg_dump refuses a server that is newer than itself, with a message that doesn't say what to do.
 * @param serverVersion such as `17.4.1.054`
 * @throws ReleaseError `missing`
 */
export function judgeDumpVersion(dump: number, serverVersion: string | null): void {
  const server = Number(/^\d+/.exec(serverVersion ?? "")?.[0] ?? 0);
  if (dump >= server) return;
  throw new ReleaseError(
    "missing",
    `Cannot take a backup: pg_dump is of PostgreSQL ${dump} and the server of ${server}; ` +
      advice(String(server)),
  );
}

/**
 * Writes `<folder>/<name>.dump`, readable by its owner alone.
 * @throws ReleaseError `missing` for pg_dump, `failed` for the dump
 */
export async function dumpDatabase(
  { databaseUrl, serverVersion, folder, name, signal }: {
    databaseUrl: string;
    serverVersion: string | null;
    folder: string;
    name: string;
    signal?: AbortSignal | undefined;
  },
): Promise<{ path: string; bytes: number }> {
  judgeDumpVersion(await readDumpVersion(), serverVersion);
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.dump`);
  const { url, password } = splitPassword(databaseUrl);
  const temporary = `${path}.part`;
  // Made before pg_dump opens it: nobody else reads it from its first byte.
  await Deno.writeTextFile(temporary, "", { mode: 0o600 });
  const command = new Deno.Command(findDump(), {
    args: [
      "--format=custom",
      // A month's partition that is dropped later doesn't keep its rows from coming back.
      "--load-via-partition-root",
      ...OWN_SCHEMAS.map((schema) => `--schema=${schema}`),
      "--no-password",
      `--lock-wait-timeout=${LOCK_MILLISECONDS}`,
      `--file=${temporary}`,
      `--dbname=${url}`,
    ],
    env: password === null ? {} : { PGPASSWORD: password },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stderr } = await runLimited(command, {
    action: "Cannot take a backup",
    limitMilliseconds: LIMIT_MILLISECONDS,
    signal,
  }).catch(async (error) => {
    await Deno.remove(temporary).catch(() => {});
    throw error;
  });
  const fail = async (reason: string) => {
    await Deno.remove(temporary).catch(() => {});
    return new ReleaseError("failed", `Cannot take a backup: ${reason}`);
  };
  if (!success) {
    const reason = decoder.decode(stderr).trim().split("\n").find((line) => /error/i.test(line));
    throw await fail(reason ?? "pg_dump failed");
  }
  const magic = new Uint8Array(5);
  const file = await Deno.open(temporary);
  await file.read(magic).finally(() => file.close());
  if (decoder.decode(magic) !== "PGDMP") throw await fail("pg_dump wrote something else");
  await Deno.rename(temporary, path);
  return { path, bytes: (await Deno.stat(path)).size };
}

import { type StackKeys, verificationKeys } from "./create_keys.ts";
import { findFreePort } from "./find_free_port.ts";
import { openDatabase } from "./open_database.ts";
import { prepareDatabase } from "./prepare_database.ts";
import { startPglite } from "./start_pglite.ts";
import { startPostgres } from "./start_postgres.ts";
import { startPostgrest } from "./start_postgrest.ts";
import type { SupervisedProcess, Supervision } from "./supervise_process.ts";

/** Keeps a started part, to be ended with the stack. */
export type Keep = <Part extends { stop(): unknown }>(part: Part) => Part;

export type PlatformOptions = {
  stateFolder: string;
  keys: StackKeys;
  supervision: Supervision;
  keep: Keep;
  report(line: string): void;
};

/** The part of the stack that a Supabase project brings: database, data API, sign-in, storage. */
export type Platform = {
  databaseUrl: string;
  postgrestUrl: string;
  /** Where a complete platform answers for itself (docker); otherwise the gateway plays its part. */
  platformUrl?: string;
  secretKey?: string;
  publishableKey?: string;
  keys: StackKeys;
  processes: Record<string, SupervisedProcess>;
};

/** A database engine with migrations and seed applied, and PostgREST in front of it. */
export async function startPlatform(
  engine: "postgres" | "pglite",
  { stateFolder, keys, supervision, keep, report }: PlatformOptions,
): Promise<Platform> {
  report(`starting ${engine === "postgres" ? "PostgreSQL" : "PGlite"}`);
  const server = engine === "postgres"
    ? await startPostgres({ stateFolder, port: findFreePort(), supervision })
    : startPglite({ stateFolder, supervision });
  keep(server.process);
  await server.process.ready();
  const database = openDatabase(server.url, { connections: 1 });
  try {
    await prepareDatabase({ database, databaseUrl: server.url, stateFolder, report });
  } finally {
    await database.close();
  }
  report("starting PostgREST");
  const postgrest = await startPostgrest({
    databaseUrl: server.wireUrl,
    wireClients: engine === "pglite" ? "one" : "many",
    jwtKeys: verificationKeys(keys),
    port: findFreePort(),
    adminPort: findFreePort(),
    supervision,
  });
  keep(postgrest.process);
  await postgrest.process.ready();
  return {
    databaseUrl: server.url,
    postgrestUrl: postgrest.url,
    keys,
    processes: { [engine]: server.process, postgrest: postgrest.process },
  };
}

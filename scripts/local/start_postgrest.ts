import { findPostgrest } from "./find_binary.ts";
import { type SupervisedProcess, superviseProcess, type Supervision } from "./supervise_process.ts";

/** The data API, with the hosted platform's limits. */
export async function startPostgrest(
  { databaseUrl, wireClients, jwtKeys, port, adminPort, supervision }: {
    /** The URL that it connects to, as `authenticator`. */
    databaseUrl: string;
    /** "many" for PostgreSQL; "one" for PGlite, which stands no more. */
    wireClients: "many" | "one";
    /** JWKS of what tokens are signed with. */
    jwtKeys: string;
    port: number;
    adminPort: number;
    supervision: Supervision;
  },
): Promise<{ process: SupervisedProcess; url: string }> {
  const isAlone = wireClients === "one";
  const process = superviseProcess({
    name: "postgrest",
    command: await findPostgrest(),
    args: [],
    env: {
      PGRST_DB_URI: databaseUrl,
      PGRST_DB_SCHEMAS: "public",
      PGRST_DB_EXTRA_SEARCH_PATH: "public, extensions",
      PGRST_DB_ANON_ROLE: "anon",
      PGRST_DB_MAX_ROWS: "1000",
      PGRST_DB_POOL: isAlone ? "1" : "20",
      PGRST_DB_PREPARED_STATEMENTS: String(!isAlone),
      PGRST_DB_CHANNEL_ENABLED: String(!isAlone),
      PGRST_JWT_SECRET: jwtKeys,
      PGRST_SERVER_HOST: "127.0.0.1",
      PGRST_SERVER_PORT: String(port),
      PGRST_ADMIN_SERVER_PORT: String(adminPort),
      PGRST_LOG_LEVEL: "error",
    },
    async isReady() {
      const response = await fetch(`http://127.0.0.1:${adminPort}/ready`);
      await response.body?.cancel();
      return response.ok;
    },
  }, supervision);
  return { process, url: `http://127.0.0.1:${port}` };
}

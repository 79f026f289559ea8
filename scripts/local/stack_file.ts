export type Engine = "postgres" | "pglite" | "docker";

/** What `<state>/stack.json` holds, for tests and tools. Ids of processes follow restarts. */
export type StackFile = {
  url: string;
  /** A superuser's: `postgres:` or, on PGlite, `http:`; open_database.ts opens both. */
  database_url: string;
  postgrest_url: string;
  simulators: { vapi: string; twilio: string; graph: string; gemini: string; legacy: string };
  functions: Record<string, { port: number; pid: number }>;
  /** Every other process of the stack, by name. */
  processes: Record<string, number>;
  engine: Engine;
  /** The stand-in for the Management API, where the functions are uploaded copies. */
  management?: { api_url: string; profile_path: string; access_token: string; ref: string };
  secret_key: string;
  publishable_key: string;
  auth_private_jwk_path: string;
  legacy_jwt_secret: string;
  state_folder: string;
};

import postgres from "postgres";
import { Buffer } from "node:buffer";

/** A failed statement, with PostgreSQL's own message and SQLSTATE. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly sqlState: string;
  constructor(message: string, sqlState: string, options?: ErrorOptions) {
    super(message, options);
    this.sqlState = sqlState;
  }
}

/** A superuser's connection to either engine. */
export type Database = {
  /** One statement with `$1` parameters. */
  query<Row extends object>(text: string, parameters?: unknown[]): Promise<Row[]>;
  /** A script of many statements, in one transaction. */
  execute(script: string): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the database of a stack's `database_url`: `postgres:` is the real server, `http:` PGlite,
 * which has no second wire connection and so is asked through its own process.
 * All methods throw DatabaseError.
 */
export function openDatabase(
  url: string,
  { connections = 4 }: { connections?: number } = {},
): Database {
  return url.startsWith("http") ? openPglite(url) : openPostgres(url, connections);
}

function openPostgres(url: string, connections: number): Database {
  const sql = postgres(url, { max: connections, onnotice: () => {}, idle_timeout: 20 });
  const explain = (error: unknown): never => {
    if (!(error instanceof Error)) throw error;
    throw new DatabaseError(error.message, (error as { code?: string }).code ?? "", {
      cause: error,
    });
  };
  return {
    async query<Row extends object>(text: string, parameters: unknown[] = []) {
      const rows = await sql.unsafe(text, parameters as never[]).catch(explain);
      return [...rows] as unknown as Row[];
    },
    async execute(script) {
      await sql.begin((transaction) => transaction.unsafe(script)).catch(explain);
    },
    close: () => sql.end({ timeout: 2 }),
  };
}

function openPglite(url: string): Database {
  const { origin, username, password } = new URL(url);
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  async function ask(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${origin}${path}`, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json() as { message: string; sql_state: string };
    if (response.ok) return answer;
    throw new DatabaseError(answer.message, answer.sql_state);
  }
  return {
    async query<Row extends object>(text: string, parameters: unknown[] = []) {
      return await ask("/query", { text, parameters }) as Row[];
    },
    async execute(script) {
      await ask("/execute", { script });
    },
    close: () => Promise.resolve(),
  };
}

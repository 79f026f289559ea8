import { PostgrestClient } from "@supabase/postgrest-js";
import * as z from "zod";
import { AppError } from "../../errors.ts";
import type { JsonObject } from "../../ports.ts";
import { wait } from "../resilience/wait.ts";
import { classifyDatabaseFailure } from "./classify_database_failure.ts";

export type DatabaseConfig = {
  /** The project's address; the data API is below it at `/rest/v1`. */
  supabaseUrl: string;
  /** `sb_secret_…`, or the service role's JWT of older projects. */
  secretKey: string;
  /** Limit of one call. */
  timeoutMilliseconds?: number;
  /** Wait before an idempotent call's second attempt; it doubles. */
  retryBaseMilliseconds?: number;
  fetch?: typeof globalThis.fetch;
};

export type CallOptions = {
  /** Only calls that do the same when they are made twice are tried again, at most three times. */
  idempotent?: boolean;
  /** The function's argument has no name: the request is the body as it is. */
  unnamed?: boolean;
  signal?: AbortSignal;
};

export type Database = {
  /**
   * Calls a SQL function of one `jsonb` argument `request` and validates what it returns.
   * @throws AppError `unavailable` with `retryAfterSeconds` when the database can't answer now,
   *   `internal` when the function raised or its answer has another shape
   */
  callFunction<Schema extends z.ZodType>(
    name: string,
    request: { [name: string]: unknown },
    schema: Schema,
    options?: CallOptions,
  ): Promise<z.infer<Schema>>;
};

const ATTEMPTS = 3;
/**
 * The data API reads a body only to learn the names of its arguments. Told them, it hands the body on
 * as it is, which is most of its work on a large one.
 * https://docs.postgrest.org/en/v12/references/api/functions.html
 */
const ARGUMENT_NAMES = "?columns=request";
const RETRY_AFTER_SECONDS = 5;

/** The database through PostgREST, as the service role. */
export function createDatabase(config: DatabaseConfig): Database {
  const { timeoutMilliseconds = 2_000, retryBaseMilliseconds = 1_000 } = config;
  const { fetch = globalThis.fetch } = config;
  const client = new PostgrestClient(`${config.supabaseUrl.replace(/\/+$/, "")}/rest/v1`, {
    headers: describeKey(config.secretKey),
    retry: false,
    fetch: (address, init) => fetch(`${address}${ARGUMENT_NAMES}`, init),
  });

  async function callOnce(name: string, body: JsonObject, signal?: AbortSignal) {
    const limit = AbortSignal.timeout(timeoutMilliseconds);
    return await client.rpc(name, body)
      .abortSignal(signal === undefined ? limit : AbortSignal.any([limit, signal]));
  }

  return {
    async callFunction(name, request, schema, options = {}) {
      const { idempotent = false, unnamed = false, signal } = options;
      const body = (unnamed ? request : { request }) as JsonObject;
      for (let attempt = 1;; attempt++) {
        const { data, error, status } = await callOnce(name, body, signal);
        if (error === null) return parseResult(name, schema, data);
        const failure = classifyDatabaseFailure(status, error);
        if (failure === "internal") {
          throw new AppError("internal", `Cannot call "${name}": ${error.message}`, {
            cause: describeFailure(error),
          });
        }
        if (!idempotent || attempt === ATTEMPTS || signal?.aborted) {
          throw new AppError("unavailable", `Cannot call "${name}": the database did not answer`, {
            cause: describeFailure(error),
            retryAfterSeconds: RETRY_AFTER_SECONDS,
          });
        }
        await wait(retryBaseMilliseconds * 2 ** (attempt - 1), signal);
      }
    },
  };
}

/**
 * What may be logged of the data API's error: its details quote the row that was refused, which may be
 * what a person wrote.
 */
function describeFailure({ code, message }: { code: string; message: string }) {
  return { code, message: message.slice(0, 300) };
}

/** Newer keys are not JWTs: the gateway knows them by `apikey` alone. */
function describeKey(secretKey: string): Record<string, string> {
  return secretKey.startsWith("sb_")
    ? { apikey: secretKey }
    : { apikey: secretKey, authorization: `Bearer ${secretKey}` };
}

function parseResult<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  data: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new AppError(
    "internal",
    `Cannot read the answer of "${name}": ${z.prettifyError(parsed.error)}`,
  );
}

import * as z from "zod";
import { redactText } from "../../../supabase/functions/_shared/log/redact.ts";
import { ReleaseError, type ReleaseErrorCode } from "../release_error.ts";
import {
  type Backups,
  backupsSchema,
  functionsSchema,
  type LiveFunction,
  type Project,
  projectSchema,
  rowsSchema,
  type SecretDigest,
  secretsSchema,
} from "./schemas.ts";

const TIMEOUT_MILLISECONDS = 30_000;
/** Of a large function's code, with all that it imports. */
const BUNDLE_TIMEOUT_MILLISECONDS = 180_000;
const READ_ATTEMPTS = 3;

/** What a release asks of Supabase about a project, `ref` being its 20 letters. */
export type Management = {
  readProject(ref: string): Promise<Project>;
  listFunctions(ref: string): Promise<LiveFunction[]>;
  listSecrets(ref: string): Promise<SecretDigest[]>;
  listSecretNames(ref: string): Promise<string[]>;
  listBackups(ref: string): Promise<Backups>;
  deleteFunction(ref: string, slug: string): Promise<void>;
  /** Has the platform bundle these files, and nothing deployed: what it refuses couldn't be deployed. */
  bundleFunction(ref: string, slug: string, upload: BundleUpload): Promise<void>;
  /** `readOnly` runs it as a role that can change nothing. */
  queryDatabase(
    ref: string,
    query: string,
    options?: { readOnly?: boolean },
  ): Promise<Record<string, unknown>[]>;
};

/** Files by their paths from the project's folder on. */
export type BundleUpload = {
  entrypoint: string;
  importMap: string | null;
  verifyJwt: boolean;
  files: Map<string, Uint8Array<ArrayBuffer>>;
};

type Call = {
  action: string;
  method?: string;
  path: string;
  body?: unknown;
  timeoutMilliseconds?: number;
};

/**
 * A client of Supabase's Management API. Each call throws ReleaseError: `unauthorized` for the token,
 * `not_found`, `refused` for another 4xx, `unreachable` for 5xx, silence and what isn't its answer.
 * What only reads is tried three times.
 */
export function createManagement(
  { accessToken, apiUrl, retryMilliseconds = 500 }: {
    accessToken: string;
    apiUrl: string;
    retryMilliseconds?: number;
  },
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Management {
  const request = async (
    { action, method = "GET", path, body, timeoutMilliseconds = TIMEOUT_MILLISECONDS }: Call,
  ): Promise<unknown> => {
    const fail = (code: ReleaseErrorCode, reason: string, cause?: unknown) =>
      new ReleaseError(code, `Cannot ${action}: ${redactText(reason)}`, { cause });
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${apiUrl.replace(/\/+$/, "")}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${accessToken}`,
          // A form says of itself where its parts end.
          ...(body instanceof FormData ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined
          ? {}
          : { body: body instanceof FormData ? body : JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMilliseconds),
      });
      text = await response.text();
    } catch (error) {
      throw fail("unreachable", `no answer of ${new URL(apiUrl).host}`, error);
    }
    if (response.status >= 500) {
      throw fail("unreachable", `answered ${response.status} ${explain(text)}`);
    }
    if (response.status === 401 || response.status === 403) {
      throw fail(
        "unauthorized",
        `the access token is wrong, expired, or not for this project (${response.status}); ` +
          "make one at https://supabase.com/dashboard/account/tokens",
      );
    }
    if (response.status === 404) throw fail("not_found", `there is none (404) ${explain(text)}`);
    if (!response.ok) throw fail("refused", `answered ${response.status} ${explain(text)}`);
    try {
      return text === "" ? null : JSON.parse(text);
    } catch (error) {
      throw fail("unreachable", "the answer is no JSON", error);
    }
  };

  const parse = <T>(schema: z.ZodType<T>, answer: unknown, action: string): T => {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new ReleaseError(
      "unreachable",
      `Cannot ${action}: the answer isn't understood: ${z.prettifyError(parsed.error)}`,
    );
  };

  const read = async <T>(schema: z.ZodType<T>, call: Call): Promise<T> => {
    for (let attempt = 1;; attempt += 1) {
      try {
        return parse(schema, await request(call), call.action);
      } catch (error) {
        const isPassing = error instanceof ReleaseError && error.code === "unreachable";
        if (!isPassing || attempt === READ_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryMilliseconds * attempt));
      }
    }
  };

  const project = (ref: string) => `/v1/projects/${encodeURIComponent(ref)}`;
  const listSecrets = (ref: string) =>
    read(secretsSchema, {
      action: `list the secrets of "${ref}"`,
      path: `${project(ref)}/secrets`,
    });

  return {
    readProject: (ref) =>
      read(projectSchema, { action: `read the project "${ref}"`, path: project(ref) }),
    listFunctions: (ref) =>
      read(functionsSchema, {
        action: `list the functions of "${ref}"`,
        path: `${project(ref)}/functions`,
      }),
    listSecrets,
    listSecretNames: async (ref) => (await listSecrets(ref)).map(({ name }) => name),
    listBackups: (ref) =>
      read(backupsSchema, {
        action: `list the backups of "${ref}"`,
        path: `${project(ref)}/database/backups`,
      }),
    deleteFunction: async (ref, slug) => {
      await request({
        action: `delete the function "${slug}"`,
        method: "DELETE",
        path: `${project(ref)}/functions/${encodeURIComponent(slug)}`,
      });
    },
    bundleFunction: async (ref, slug, { entrypoint, importMap, verifyJwt, files }) => {
      const form = new FormData();
      form.append(
        "metadata",
        JSON.stringify({
          name: slug,
          entrypoint_path: entrypoint,
          ...(importMap === null ? {} : { import_map_path: importMap }),
          verify_jwt: verifyJwt,
        }),
      );
      for (const [path, bytes] of files) form.append("file", new File([bytes], path));
      const query = new URLSearchParams({ slug, bundleOnly: "true" });
      await request({
        action: `bundle the function "${slug}"`,
        method: "POST",
        path: `${project(ref)}/functions/deploy?${query}`,
        body: form,
        timeoutMilliseconds: BUNDLE_TIMEOUT_MILLISECONDS,
      });
    },
    queryDatabase: async (ref, query, { readOnly = false } = {}) => {
      const action = `query the database of "${ref}"`;
      const answer = await request({
        action,
        method: "POST",
        path: `${project(ref)}/database/query`,
        body: { query, read_only: readOnly },
      });
      return parse(rowsSchema, answer, action);
    },
  };
}

/** The API says what is wrong in `message`; a gateway before it, in a page. */
function explain(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // A page: its beginning says what it is.
  }
  return text.replace(/\s+/g, " ").slice(0, 200);
}

import { join } from "node:path";
import { parseEnv } from "node:util";
import { REPOSITORY } from "../local/repository.ts";
import { ReleaseError } from "./release_error.ts";
import { requireOwnDatabase } from "./require_own_database.ts";

/** The options that every command about a live project shares, for `parseArgs`. */
export const TARGET_OPTIONS = {
  env: { type: "string", default: "production" },
  "project-ref": { type: "string" },
  profile: { type: "string" },
  "env-file": { type: "string" },
  "database-url": { type: "string" },
  "project-url": { type: "string" },
} as const;

/** In an environment file: the project that its values are for. Not a secret, and never set there. */
export const PROJECT_VARIABLE = "SUPABASE_PROJECT_REF";

export const TARGET_HELP: string =
  `  --project-ref <ref>     the project: the 20 letters in its dashboard's address
  --env <name>            staging or production (default): which .env.<name> is read
  --env-file <file>       the functions' secrets; without it .env.<env> where there is one. Refused
                          where its SUPABASE_PROJECT_REF is another project
  --database-url <url>    its database; without it SUPABASE_DB_URL, or what the CLI finds by
                          the project and SUPABASE_DB_PASSWORD. Refused where it is another's:
                          the host is db.<ref>.…, or the pooler's user postgres.<ref>
  --project-url <url>     where it answers; without it https://<ref>.supabase.co
  --profile <file>        a profile of the Supabase CLI, for another API than Supabase's

Reads SUPABASE_ACCESS_TOKEN (https://supabase.com/dashboard/account/tokens) and
SUPABASE_SECRET_KEY (the project's secret key, sb_secret_…, which ops and health are shown).`;

export type TargetValues = {
  env?: string | undefined;
  "project-ref"?: string | undefined;
  profile?: string | undefined;
  "env-file"?: string | undefined;
  "database-url"?: string | undefined;
  "project-url"?: string | undefined;
};

/** The live project that a command is about, and what opens it. */
export type Target = {
  environment: "staging" | "production";
  ref: string;
  accessToken: string;
  /** Base address of the Management API. */
  apiUrl: string;
  /** The CLI's profile file; null is Supabase itself. */
  profile: string | null;
  /** Base address of the project, without a slash at its end. */
  projectUrl: string;
  /** Null where the CLI finds the database by the project. */
  databaseUrl: string | null;
  databasePassword: string | null;
  /** The file of the functions' secrets; null where there is none. */
  envFile: string | null;
  /** What that file holds, by name. Never printed. */
  secrets: Record<string, string>;
  /** The project's secret key, for `ops` and health; null where it wasn't given. */
  secretKey: string | null;
};

type Surroundings = {
  /** False for what never connects to it: then its address may be anybody's, and isn't in the target. */
  usesDatabase?: boolean;
  read?: (name: string) => string | undefined;
  readText?: (path: string) => Promise<string>;
};

/**
 * @throws ReleaseError `invalid` or `missing`, naming the option or the variable to give; `refused` for
 * another project's database or file
 */
export async function readTarget(
  values: TargetValues,
  {
    usesDatabase = true,
    read: readVariable = (name) => Deno.env.get(name),
    readText = (path) => Deno.readTextFile(path),
  }: Surroundings = {},
): Promise<Target> {
  const read = (name: string) => readVariable(name)?.trim() || null;
  const environment = values.env ?? "production";
  if (environment !== "staging" && environment !== "production") {
    throw new ReleaseError(
      "invalid",
      `Cannot release to "${environment}": --env is staging or production`,
    );
  }
  const ref = values["project-ref"];
  if (ref === undefined) {
    throw new ReleaseError("missing", "Cannot find the project: give its --project-ref");
  }
  if (!/^[a-z]{20}$/.test(ref)) {
    throw new ReleaseError(
      "invalid",
      `Cannot find the project "${ref}": --project-ref is 20 lower-case letters`,
    );
  }
  const accessToken = read("SUPABASE_ACCESS_TOKEN");
  if (accessToken === null) {
    throw new ReleaseError(
      "missing",
      `Cannot reach "${ref}": SUPABASE_ACCESS_TOKEN is not set; ` +
        "make one at https://supabase.com/dashboard/account/tokens",
    );
  }
  const profile = values.profile === undefined ? {} : await readProfile(values.profile, readText);
  const { envFile, secrets } = await readSecrets(values["env-file"], environment, readText);
  requireOwnFile({ envFile, secrets, environment, ref });
  const host = profile["project_host"] ?? "supabase.co";
  return {
    environment,
    ref,
    accessToken,
    apiUrl: trimUrl(profile["api_url"] ?? "https://api.supabase.com", "the profile's api_url"),
    profile: values.profile ?? null,
    projectUrl: trimUrl(values["project-url"] ?? `https://${ref}.${host}`, "--project-url"),
    databaseUrl: usesDatabase ? findDatabase(values, ref, read) : null,
    databasePassword: read("SUPABASE_DB_PASSWORD"),
    envFile,
    secrets,
    secretKey: read("SUPABASE_SECRET_KEY"),
  };
}

/** Staging's keys over production's, and no stored credential could be opened any more. */
function requireOwnFile(
  { envFile, secrets, environment, ref }: Pick<
    Target,
    "envFile" | "secrets" | "environment" | "ref"
  >,
): void {
  const named = secrets[PROJECT_VARIABLE]?.trim();
  if (named === undefined || named === ref) return;
  const other = environment === "production" ? "staging" : "production";
  throw new ReleaseError(
    "refused",
    `Cannot use "${envFile}" for "${ref}": its ${PROJECT_VARIABLE} is "${named}"; give that ` +
      `--project-ref, or --env ${other}, or another --env-file`,
  );
}

/** A profile is of another API than Supabase's, which names hosts as it likes. */
function findDatabase(
  { "database-url": given, profile }: TargetValues,
  ref: string,
  read: (name: string) => string | null,
): string | null {
  const databaseUrl = given ?? read("SUPABASE_DB_URL");
  if (databaseUrl !== null && profile === undefined) {
    const source = given === undefined ? "SUPABASE_DB_URL" : "--database-url";
    requireOwnDatabase(databaseUrl, ref, source);
  }
  return databaseUrl;
}

function trimUrl(text: string, what: string): string {
  if (!URL.canParse(text)) {
    throw new ReleaseError("invalid", `Cannot read ${what} "${text}": it is no address`);
  }
  return text.replace(/\/+$/, "");
}

/** The CLI's own file: `key: value`, one a line. */
async function readProfile(
  path: string,
  readText: (path: string) => Promise<string>,
): Promise<Record<string, string>> {
  const text = await readText(path).catch((error) => {
    throw new ReleaseError("missing", `Cannot read the profile "${path}": ${error.message}`);
  });
  return Object.fromEntries(
    [...text.matchAll(/^(\w+)\s*:\s*["']?([^\s"'#]+)["']?/gm)]
      .map(([, key = "", value = ""]) => [key, value]),
  );
}

async function readSecrets(
  given: string | undefined,
  environment: string,
  readText: (path: string) => Promise<string>,
): Promise<{ envFile: string | null; secrets: Record<string, string> }> {
  const path = given ?? join(REPOSITORY, `.env.${environment}`);
  try {
    const parsed = parseEnv(await readText(path)) as Record<string, string>;
    // Node's parser takes an empty value for one that is set; a function doesn't.
    const secrets = Object.fromEntries(Object.entries(parsed).filter(([, value]) => value !== ""));
    return { envFile: path, secrets };
  } catch (error) {
    if (given === undefined && error instanceof Deno.errors.NotFound) {
      return { envFile: null, secrets: {} };
    }
    throw new ReleaseError(
      "missing",
      `Cannot read the environment file "${path}": ${(error as Error).message}`,
    );
  }
}

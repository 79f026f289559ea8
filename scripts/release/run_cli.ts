import { redactText } from "../../supabase/functions/_shared/log/redact.ts";
import { findSupabaseCli } from "../local/find_binary.ts";
import { REPOSITORY } from "../local/repository.ts";
import { PROJECT_VARIABLE, type Target } from "./read_target.ts";
import { ReleaseError } from "./release_error.ts";
import { runLimited } from "./run_limited.ts";

/** Inherited by the CLI; its token and password come from the target. */
const INHERITED = [
  "PATH",
  "HOME",
  "TMPDIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "NODE_EXTRA_CA_CERTS",
];

/** What the CLI printed, without secrets. */
export type CliResult = { success: boolean; stdout: string; stderr: string };

export type CliOptions = {
  /** The checkout that holds `supabase/`. */
  cwd?: string;
  /** The CLI's path; found by itself. */
  cli?: string;
  /** A person's wish to stop. */
  signal?: AbortSignal | undefined;
  /** How long it may take; half an hour unless given, for a migration may rewrite a large table. */
  limitMilliseconds?: number;
};

const LIMIT_MILLISECONDS = 30 * 60_000;

/**
 * Where a database command goes: the database itself, or the project where only that is known. The
 * password isn't in it, since every process of the machine sees another's arguments.
 */
export function databaseRemote(target: Pick<Target, "databaseUrl" | "ref">): string {
  if (target.databaseUrl === null) return `--remote=${target.ref}`;
  const { url } = splitPassword(target.databaseUrl);
  return `--remote=${url}`;
}

/** @throws ReleaseError `invalid` */
export function splitPassword(databaseUrl: string): { url: string; password: string | null } {
  if (!URL.canParse(databaseUrl)) {
    throw new ReleaseError("invalid", "Cannot read the database's address: it is no URL");
  }
  const url = new URL(databaseUrl);
  const password = url.password === "" ? null : decodeURIComponent(url.password);
  url.password = "";
  // A database of this machine has no certificate.
  const isLocal = ["127.0.0.1", "localhost"].includes(url.hostname);
  if (isLocal && !url.searchParams.has("sslmode")) url.searchParams.set("sslmode", "disable");
  return { url: url.href, password };
}

/**
 * Runs the real Supabase CLI for the target: its profile, every question answered with yes, nothing
 * told to anybody else. Whether it worked is the caller's to judge.
 *
 * @throws ReleaseError `missing` where there is no CLI, `unreachable` where it comes to no end.
 */
export async function runCli(
  target: Target,
  args: string[],
  { cwd = REPOSITORY, cli, signal, limitMilliseconds = LIMIT_MILLISECONDS }: CliOptions = {},
): Promise<CliResult> {
  const path = cli ?? await findSupabaseCli().catch((error) => {
    throw new ReleaseError("missing", (error as Error).message, { cause: error });
  });
  const inherited = INHERITED.map((name) => [name, Deno.env.get(name)] as const)
    .filter((pair): pair is [string, string] => pair[1] !== undefined);
  const databasePassword = target.databaseUrl === null
    ? null
    : splitPassword(target.databaseUrl).password;
  const command = new Deno.Command(path, {
    args: [
      ...args,
      "--yes",
      "--agent=no",
      ...(target.profile === null ? [] : [`--profile=${target.profile}`]),
    ],
    cwd,
    clearEnv: true,
    env: {
      ...Object.fromEntries(inherited),
      SUPABASE_ACCESS_TOKEN: target.accessToken,
      ...(target.databasePassword === null
        ? {}
        : { SUPABASE_DB_PASSWORD: target.databasePassword }),
      ...(databasePassword === null ? {} : { PGPASSWORD: databasePassword }),
      SUPABASE_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
      NO_COLOR: "1",
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const what = args.slice(0, 2).join(" ");
  const { success, stdout, stderr } = await runLimited(command, {
    action: `Cannot run "supabase ${what}"`,
    limitMilliseconds,
    signal,
  });
  const decoder = new TextDecoder();
  const show = (bytes: Uint8Array) => hideSecrets(decoder.decode(bytes), target);
  return { success, stdout: show(stdout), stderr: show(stderr) };
}

/** The text without what opens the target, and without anything that looks like a secret. */
export function hideSecrets(
  text: string,
  target: Pick<
    Target,
    "accessToken" | "secretKey" | "databaseUrl" | "databasePassword" | "secrets"
  >,
): string {
  const known = [
    target.accessToken,
    target.secretKey,
    target.databasePassword,
    // Also by itself, as it is and as the address has it: what fails to connect may name either.
    ...listPasswords(target.databaseUrl),
    // A short value such as "true" or "INFO" is none, and would blot out half of a text.
    ...Object.entries(target.secrets)
      .filter(([name, value]) => name !== PROJECT_VARIABLE && value.length >= 8)
      .map(([, value]) => value),
  ].filter((value): value is string => value !== null && value !== "");
  let result = text;
  for (const value of known) result = result.replaceAll(value, "[redacted]");
  return redactText(result, { keepHex: true });
}

function listPasswords(databaseUrl: string | null): string[] {
  if (databaseUrl === null || !URL.canParse(databaseUrl)) return [];
  const { password } = new URL(databaseUrl);
  try {
    return [decodeURIComponent(password), password];
  } catch {
    // A lone "%" stands for itself.
    return [password];
  }
}

/** What the CLI says of its progress, file names such as `errors.ts` included. */
const PROGRESS =
  /^(?:Uploading asset|Deploying Function|Target:|Confirmed by|Try rerunning the command)/;

/** The CLI's reason in one line. */
export function explainCli({ stdout, stderr }: Pick<CliResult, "stdout" | "stderr">): string {
  const lines = `${stdout}\n${stderr}`.split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !PROGRESS.test(line));
  return lines.find((line) => line.startsWith("ERROR:"))?.replace("ERROR: ", "") ??
    lines.findLast((line) => /error|failed|unexpected|cannot|not found/i.test(line)) ??
    lines.at(-1) ?? "no reason given";
}

import { findSupabaseCli } from "./find_binary.ts";
import { REPOSITORY } from "./repository.ts";
import { StackError } from "./stack_error.ts";
import type { Platform, PlatformOptions } from "./start_platform.ts";

/** What `supabase status -o json` prints, as far as it is used. Newer CLIs add the opaque keys. */
type Status = {
  API_URL: string;
  DB_URL: string;
  ANON_KEY: string;
  SERVICE_ROLE_KEY: string;
  JWT_SECRET: string;
  PUBLISHABLE_KEY?: string;
  SECRET_KEY?: string;
};

async function checkDocker(): Promise<void> {
  const command = new Deno.Command("docker", { args: ["info"], stdout: "null", stderr: "null" });
  // A command that isn't there is thrown, not rejected.
  const run = async () => await command.output();
  const works = await run().then(({ success }) => success, () => false);
  if (!works) {
    throw new StackError(
      `Cannot use "--docker": "docker info" fails; start Docker or leave out --docker`,
    );
  }
}

async function runCli(args: string[], { show }: { show: boolean }): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(await findSupabaseCli(), {
    args,
    cwd: REPOSITORY,
    stdin: "null",
    stdout: show ? "inherit" : "piped",
    stderr: show ? "inherit" : "piped",
    env: { SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  }).output();
  if (success) return show ? "" : new TextDecoder().decode(stdout);
  const reason = show ? "see above" : new TextDecoder().decode(stderr).trim().split("\n").at(-1);
  throw new StackError(`Cannot run "supabase ${args.join(" ")}": ${reason}`);
}

/**
 * Supabase's own local stack in Docker, which applies migrations and seed itself. Its functions
 * runtime is left out: the functions run beside it, as with the other engines.
 */
export async function startDockerPlatform(
  { keys, keep, report, reset }: PlatformOptions & { reset: boolean },
): Promise<Platform> {
  await checkDocker();
  report("starting Supabase in Docker (the first start downloads its images)");
  keep({ stop: () => runCli(["stop"], { show: true }).catch(() => "") });
  await runCli(["start", "--exclude", "edge-runtime"], { show: true });
  report("applying supabase/migrations");
  await runCli(reset ? ["db", "reset", "--local"] : ["migration", "up", "--local"], { show: true });
  const status = JSON.parse(await runCli(["status", "-o", "json"], { show: false })) as Status;
  return {
    databaseUrl: status.DB_URL,
    postgrestUrl: `${status.API_URL}/rest/v1`,
    platformUrl: status.API_URL,
    secretKey: status.SECRET_KEY ?? status.SERVICE_ROLE_KEY,
    publishableKey: status.PUBLISHABLE_KEY ?? status.ANON_KEY,
    keys: {
      ...keys,
      legacyJwtSecret: status.JWT_SECRET,
      anonJwt: status.ANON_KEY,
      serviceRoleJwt: status.SERVICE_ROLE_KEY,
    },
    processes: {},
  };
}

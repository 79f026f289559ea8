import { findSupabaseCli } from "../../../scripts/local/find_binary.ts";
import { REPOSITORY } from "../../../scripts/local/repository.ts";
import { type Advice, parseAdvisors } from "../../../scripts/release/compare_advisors.ts";

/** Everything that `supabase db advisors` finds, infos included. */
export async function askAdvisors(databaseUrl: string): Promise<Advice[]> {
  const { success, stdout, stderr } = await new Deno.Command(await findSupabaseCli(), {
    args: [
      ["db", "advisors", "--level", "info", "--output", "json"],
      [`--remote=${databaseUrl}?sslmode=disable`],
    ].flat(),
    cwd: REPOSITORY,
    env: { SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return parseAdvisors(new TextDecoder().decode(stdout));
}

/** Whether the same command ends with a failure at errors and warnings, as a release runs it. */
export async function doAdvisorsFail(databaseUrl: string): Promise<boolean> {
  const { code } = await new Deno.Command(await findSupabaseCli(), {
    args: ["db", "advisors", "--fail-on", "warn", `--remote=${databaseUrl}?sslmode=disable`],
    cwd: REPOSITORY,
    env: { SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  }).output();
  return code !== 0;
}

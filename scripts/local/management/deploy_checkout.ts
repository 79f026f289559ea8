import { join } from "node:path";
import { findSupabaseCli } from "../find_binary.ts";
import { REPOSITORY } from "../repository.ts";
import { StackError } from "../stack_error.ts";
import { writeDotenv } from "../write_dotenv.ts";
import type { Management } from "./start_management.ts";

/** Where and as whom the CLI works. */
export type CliTarget = Pick<Management, "profilePath" | "accessToken" | "ref">;

export type CliResult = { success: boolean; output: string };

/**
 * Runs the Supabase CLI against a project of the stand-in.
 * @param workFolder the folder above `supabase/`
 */
export async function runSupabase(
  { profilePath, accessToken, ref }: CliTarget,
  args: string[],
  { workFolder = REPOSITORY }: { workFolder?: string } = {},
): Promise<CliResult> {
  const { success, stdout, stderr } = await new Deno.Command(await findSupabaseCli(), {
    args: [...args, "--yes", `--remote=${ref}`, "--profile", profilePath, "--workdir", workFolder],
    cwd: workFolder,
    stdin: "null",
    env: {
      SUPABASE_ACCESS_TOKEN: accessToken,
      SUPABASE_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
      NO_PROXY: "127.0.0.1,localhost",
    },
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** What went wrong, without the list of every file that was uploaded. */
function explain(output: string): string {
  const lines = output.split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !/^(Uploading asset|Deploying Function|Target:)/.test(line));
  return lines.join(" ").slice(0, 500);
}

/**
 * The first deployment to an empty project: its secrets, then every function of the checkout, both
 * with the Supabase CLI. Throws StackError.
 */
export async function deployCheckout(
  target: CliTarget,
  { secrets, folder, workFolder }: {
    secrets: Record<string, string>;
    /** For the file of secrets, which is removed again. */
    folder: string;
    workFolder?: string;
  },
): Promise<void> {
  const at = workFolder === undefined ? {} : { workFolder };
  const envFile = join(folder, "secrets.env");
  await Deno.writeTextFile(envFile, writeDotenv(secrets), { mode: 0o600 });
  try {
    const set = await runSupabase(target, ["secrets", "set", "--env-file", envFile], at);
    if (!set.success) throw new StackError(`Cannot set the secrets: ${explain(set.output)}`);
  } finally {
    await Deno.remove(envFile);
  }
  const deployed = await runSupabase(
    target,
    ["functions", "deploy", "--use-api", "--jobs", "4"],
    at,
  );
  if (!deployed.success) {
    throw new StackError(`Cannot deploy the functions: ${explain(deployed.output)}`);
  }
}

/** Boots every live function. Throws StackError for one that doesn't answer that it is alive. */
export async function bootAll(
  { functionsUrl, state }: Pick<Management, "functionsUrl" | "state">,
): Promise<void> {
  await Promise.all(
    state.functions().map(async ({ row: { slug } }) => {
      const response = await fetch(`${functionsUrl}/${slug}/health?live=1`);
      const text = await response.text();
      if (response.ok) return;
      throw new StackError(`Cannot boot function "${slug}": ${response.status} ${text}`);
    }),
  );
}

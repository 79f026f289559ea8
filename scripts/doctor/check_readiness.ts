import * as z from "zod";
import { readFunctions } from "../release/preflight/read_functions.ts";
import { fail, type Finding, pass, skip } from "./finding.ts";
import { NO_SECRET_KEY, type ReleasedProject } from "./project.ts";

const TIMEOUT_MILLISECONDS = 15_000;

const answerSchema = z.object({
  ready: z.boolean(),
  version: z.string(),
  checks: z.array(z.object({ name: z.string(), state: z.string(), detail: z.string() })),
});

type About = { ref: string; deployCommand: string };

/** What one function says of itself; null is silence, or what is no answer of ours. */
export function judgeReadiness(
  slug: string,
  { status, body }: { status: number; body: unknown },
  about: About,
): Finding[] {
  const parsed = answerSchema.safeParse(body);
  if (!parsed.success) {
    const detail = status === 0 ? "doesn't answer" : `answers ${status} and doesn't say why`;
    const cure = `its log, in the dashboard under Edge Functions > ${slug} > Logs`;
    return [fail(`ready ${slug}`, `"${slug}" ${detail}`, cure)];
  }
  const { ready, version, checks } = parsed.data;
  if (ready) return [pass(`ready ${slug}`, `version ${version}`)];
  return checks.filter(({ state }) => state === "failed").map(({ name, detail }) =>
    fail(`ready ${slug}`, `${name}: ${detail}`, findCure(name, about))
  );
}

function findCure(check: string, { ref, deployCommand }: About): string {
  const cures: { [check: string]: string } = {
    secrets: `the missing ones into a file, then supabase secrets set --env-file <file> ` +
      `--remote=${ref} --yes`,
    database: "https://status.supabase.com, and the project's Database > Health",
    schema: `${deployCommand}: migrations go first`,
    cron: `the project's Integrations > Cron, then ${deployCommand}`,
    vault: "select vault.create_secret('<value>', '<name>') in the project's SQL editor",
    heartbeats: "select * from cron.job_run_details order by start_time desc limit 20",
  };
  return cures[check] ?? "docs/runbook.md";
}

export async function checkReadiness(
  { target, folder, fetch, deployCommand }: ReleasedProject,
): Promise<Finding[]> {
  const { projectUrl, secretKey, ref } = target;
  const about = { ref, deployCommand };
  if (secretKey === null) {
    return [skip("ready", "nobody can be asked without a secret key", NO_SECRET_KEY)];
  }
  const functions = await readFunctions(folder);
  const findings = await Promise.all(functions.map(async ({ slug }) => {
    try {
      const response = await fetch(`${projectUrl}/functions/v1/${slug}/health?ready=1`, {
        headers: { apikey: secretKey },
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      const body: unknown = await response.json().catch(() => null);
      return judgeReadiness(slug, { status: response.status, body }, about);
    } catch {
      return judgeReadiness(slug, { status: 0, body: null }, about);
    }
  }));
  return findings.flat();
}

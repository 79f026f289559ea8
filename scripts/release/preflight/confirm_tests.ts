import { join } from "node:path";
import * as z from "zod";
import { writeFileAtomically } from "../../local/write_file_atomically.ts";
import { ReleaseError } from "../release_error.ts";
import { runGit } from "../run_git.ts";

const recordSchema = z.object({
  commit: z.string(),
  passed: z.number(),
  // One of before the names of what is left out were kept.
  skipped: z.array(z.string()).default([]),
  finishedAt: z.string(),
});
const runsSchema = z.object({
  check_runs: z.array(z.object({
    name: z.string(),
    status: z.string(),
    conclusion: z.string().nullable(),
  })),
});

const recordPath = (folder: string, commit: string) =>
  join(folder, ".local", "ci", `${commit}.json`);

/** The commit of a checkout, and the lines of `git status`: none is a clean tree. */
export async function readTree(folder: string): Promise<{ commit: string; changes: string[] }> {
  const decoder = new TextDecoder();
  const commit = decoder.decode(await runGit(["rev-parse", "HEAD"], folder)).trim();
  const status = decoder.decode(await runGit(["status", "--porcelain"], folder));
  return { commit, changes: status.split("\n").filter(Boolean) };
}

/** Keeps that everything passed at a commit, and what was left out: what a release from here asks for. */
export async function recordPass(
  folder: string,
  { commit, passed, skipped = [], now = new Date() }: {
    commit: string;
    passed: number;
    skipped?: readonly string[];
    now?: Date;
  },
): Promise<void> {
  const path = recordPath(folder, commit);
  await Deno.mkdir(join(path, ".."), { recursive: true });
  const record = { commit, passed, skipped, finishedAt: now.toISOString() };
  await writeFileAtomically(path, `${JSON.stringify(record)}\n`);
}

type Surroundings = {
  read: (name: string) => string | undefined;
  fetch: typeof globalThis.fetch;
  clock(): number;
  pause(milliseconds: number): Promise<void>;
  tell(line: string): void;
};

/** The job of `.github/workflows/test.yml`: other checks of a commit say nothing of its tests. */
const CHECK = "test";
/** As long as that job may take. */
const WAIT_MILLISECONDS = 45 * 60_000;
const POLL_MILLISECONDS = 15_000;

/**
 * Where this commit's tests passed, in words: a whole run of them on this machine, or GitHub's check
 * of the name `test`. In a workflow that check is waited for: a tag is pushed together with its branch.
 * What a run here left out is told by name: a release knows what nobody has tried.
 * @throws ReleaseError `failed` where it failed or isn't over, `missing` where nothing is known
 */
export async function confirmTests(
  { folder, commit }: { folder: string; commit: string },
  { read, fetch, clock, pause, tell }: Surroundings,
): Promise<string> {
  const record = recordSchema.safeParse(await readRecord(recordPath(folder, commit)));
  if (record.success && record.data.commit === commit) {
    const { passed, skipped } = record.data;
    for (const name of skipped) tell(`WARNING: not tested: ${name}`);
    const left = skipped.length === 0 ? "" : `, ${skipped.length} NOT RUN`;
    return `${passed} tests passed here${left}`;
  }
  const action = `Cannot confirm the tests of "${commit.slice(0, 7)}"`;
  const limit = clock() + (read("GITHUB_ACTIONS") === "true" ? WAIT_MILLISECONDS : 0);
  for (;;) {
    const checks = await readChecks({ folder, commit }, { read, fetch });
    if (checks === null) {
      throw new ReleaseError(
        "missing",
        `${action}: run deno task test on the clean tree, ` +
          'set GITHUB_TOKEN, or give --skip-tests "<reason>"',
      );
    }
    const own = checks.filter(({ name }) => name === CHECK);
    const isOver = own.length > 0 && own.every(({ status }) => status === "completed");
    if (isOver || clock() >= limit) return judgeChecks(own, action);
    await pause(POLL_MILLISECONDS);
  }
}

type Check = z.infer<typeof runsSchema>["check_runs"][number];

/** @throws ReleaseError `failed` or `missing` */
function judgeChecks(checks: readonly Check[], action: string): string {
  const bad = checks.find(({ conclusion }) => conclusion !== "success");
  if (bad !== undefined) {
    const state = bad.conclusion ?? bad.status;
    throw new ReleaseError("failed", `${action}: GitHub's check "${bad.name}" is ${state}`);
  }
  if (checks.length === 0) {
    throw new ReleaseError("missing", `${action}: GitHub has no check "${CHECK}" of it`);
  }
  return `GitHub's check "${CHECK}" is green`;
}

/** Null where there is none, or one that was cut off. */
async function readRecord(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch {
    return null;
  }
}

/** Null where this isn't a clone of a repository at GitHub, or there is no token. */
async function readChecks(
  { folder, commit }: { folder: string; commit: string },
  { read, fetch }: Pick<Surroundings, "read" | "fetch">,
): Promise<Check[] | null> {
  const token = read("GITHUB_TOKEN");
  const remote = await runGit(["remote", "get-url", "origin"], folder)
    .then((bytes) => new TextDecoder().decode(bytes).trim(), () => "");
  const repository = /github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(remote)?.[1];
  if (!token || repository === undefined) return null;
  const api = read("GITHUB_API_URL") ?? "https://api.github.com";
  const action = `Cannot read GitHub's checks of "${commit.slice(0, 7)}"`;
  let response: Response;
  try {
    response = await fetch(
      `${api}/repos/${repository}/commits/${commit}/check-runs?check_name=${CHECK}&per_page=100`,
      {
        headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json" },
        signal: AbortSignal.timeout(20_000),
      },
    );
  } catch (error) {
    throw new ReleaseError("unreachable", `${action}: no answer`, { cause: error });
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new ReleaseError("refused", `${action}: answered ${response.status}`);
  }
  const parsed = runsSchema.safeParse(await response.json());
  if (!parsed.success) {
    throw new ReleaseError("unreachable", `${action}: the answer isn't understood`);
  }
  return parsed.data.check_runs;
}

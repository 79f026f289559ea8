import { join } from "node:path";
import { deploy } from "../../../scripts/deploy.ts";
import { LOCAL_SECRETS } from "../../../scripts/local/function_environment.ts";
import { REPOSITORY } from "../../../scripts/local/repository.ts";
import { recordPass } from "../../../scripts/release/preflight/confirm_tests.ts";
import { createOps } from "../../../scripts/release/ops/create_ops.ts";
import { ensureCanary, proveReply } from "../../../scripts/release/proofs/prove_reply.ts";
import {
  proveDelivery,
  writeCanaryDelivery,
} from "../../../scripts/release/proofs/prove_webhook.ts";
import { runGit } from "../../../scripts/release/run_git.ts";
import { readStack } from "../../support/read_stack.ts";
import { cloneRepository } from "./clone_repository.ts";
import { copyProject } from "./copy_project.ts";
import { openManagement } from "./open_management.ts";

const decoder = new TextDecoder();

/** Names, a date and no configuration of whoever runs the tests. */
const GIT = ["-c", "user.name=rehearsal", "-c", "user.email=rehearsal@example.test"];

/**
 * A repository with a copy of `supabase/`, released by `deploy` itself to the stand-in for the platform
 * with the real CLI. What the tests wait for between two looks doesn't take its time.
 * @param isClone of this repository with all its commits, at the last of them
 */
export async function openReleaseWorld({ isClone = false }: { isClone?: boolean } = {}) {
  const management = openManagement();
  const stack = readStack();
  const project = await (isClone ? cloneRepository() : copyProject());
  const { folder } = project;
  const files = await Deno.makeTempDir({ prefix: "switchboard-release-" });
  const envFile = join(files, "live.env");
  const git = async (...args: string[]) => decoder.decode(await runGit([...GIT, ...args], folder));
  if (!isClone) {
    await Deno.copyFile(join(REPOSITORY, ".gitignore"), join(folder, ".gitignore"));
    await git("init", "--quiet", "--initial-branch=main");
  }

  /** Written as a person would, beside what the project holds already. */
  const writeSecrets = (more: Record<string, string> = {}) =>
    Deno.writeTextFile(
      envFile,
      Object.entries({
        WHATSAPP_APP_SECRET: LOCAL_SECRETS.WHATSAPP_APP_SECRET,
        WA_VERIFY_TOKEN: LOCAL_SECRETS.WA_VERIFY_TOKEN,
        ...more,
        // Not to be set, as in the example that people copy: the project keeps its own.
        VAPI_WEBHOOK_SECRET: "",
      }).map(([name, value]) => `${name}=${value && `'${value}'`}\n`).join(""),
      { mode: 0o600 },
    );
  await writeSecrets();

  return {
    ...management,
    folder,
    writeSecrets,
    write: (path: string, text: string) => Deno.writeTextFile(join(folder, path), text),
    read: (path: string) => Deno.readTextFile(join(folder, path)),
    /** Commits everything; `green` as after a whole run of the tests. */
    async commit(message: string, { green = true } = {}): Promise<string> {
      await git("add", "--all");
      await git("commit", "--quiet", "--allow-empty", `--message=${message}`);
      const commit = (await git("rev-parse", "HEAD")).trim();
      if (green) await recordPass(folder, { commit, passed: 1 });
      return commit;
    },
    /** `deploy` with these options, and what it printed. `intercept` answers in place of the network. */
    async release(
      args: string[],
      { intercept, signal, variables = {} }: {
        intercept?: (request: Request) => Response | null;
        /** Of the shell, beside those that lead to the project. */
        variables?: Record<string, string>;
        signal?: AbortSignal;
      } = {},
    ): Promise<{ isDone: boolean; text: string }> {
      const lines: string[] = [];
      const environment: Record<string, string> = {
        SUPABASE_ACCESS_TOKEN: management.accessToken,
        SUPABASE_SECRET_KEY: stack.secret_key,
        SUPABASE_DB_URL: management.databaseUrl,
        USER: "ada",
        ...variables,
      };
      let skipped = 0;
      const isDone = await deploy([
        `--project-ref=${management.ref}`,
        `--profile=${management.profilePath}`,
        `--project-url=${management.projectUrl}`,
        `--env-file=${envFile}`,
        ...args,
      ], {
        print: (line) => void lines.push(line),
        read: (name) => environment[name],
        folder,
        signal,
        fetch: (input, init) => {
          const answer = intercept?.(new Request(input, init));
          return answer ? Promise.resolve(answer) : fetch(input, init);
        },
        clock: () => Date.now() + skipped,
        // Half a minute for what doesn't boot is over after a few looks; an answer has its time.
        pause: async (milliseconds) => {
          if (milliseconds >= 1_000) skipped += milliseconds * 9;
          await new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, 500)));
        },
      });
      return { isDone, text: lines.join("\n") };
    },
    /** The journals of the project's releases, as text. */
    async readJournals(): Promise<string> {
      const place = join(folder, ".local", "releases", management.ref);
      const texts: string[] = [];
      for await (const { name } of Deno.readDir(place)) {
        texts.push(await Deno.readTextFile(join(place, name)));
      }
      return texts.join("\n");
    },
    /** The version that a function answers with. */
    async askVersion(slug: string): Promise<string> {
      const response = await fetch(
        `${management.projectUrl}/functions/v1/${slug}/health?live=1`,
      );
      const { version } = await response.json();
      return `${response.status} ${version}`;
    },
    /** A message in and its answer out, by the webhook that is live. Throws where it stays unanswered. */
    async converse(): Promise<void> {
      const { projectUrl } = management;
      const ops = createOps({ projectUrl, secretKey: stack.secret_key });
      const { wamid, body } = writeCanaryDelivery(await ensureCanary(ops), { now: Date.now() });
      const appSecret = LOCAL_SECRETS.WHATSAPP_APP_SECRET;
      await proveDelivery({ fetch }, { projectUrl, body, appSecret });
      const pause = (milliseconds: number) =>
        new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
      await proveReply({ ops, clock: Date.now, pause }, { wamid, limitMilliseconds: 60_000 });
    },
    async setRollout(percent: number): Promise<void> {
      const response = await fetch(`${management.projectUrl}/functions/v1/ops/rollout`, {
        method: "POST",
        headers: { apikey: stack.secret_key, "content-type": "application/json" },
        body: JSON.stringify({ action: "set", percent, reason: "rehearsal" }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`Cannot set the rollout: ${text}`);
    },
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]();
      await Deno.remove(files, { recursive: true });
    },
  };
}

export type ReleaseWorld = Awaited<ReturnType<typeof openReleaseWorld>>;

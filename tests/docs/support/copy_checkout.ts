import { join } from "node:path";
import { REPOSITORY } from "../../../scripts/local/repository.ts";

async function git(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args,
    cwd: REPOSITORY,
    env,
  }).output();
  if (!success) {
    throw new Error(`Cannot run git ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  }
  return new TextDecoder().decode(stdout).trim();
}

/**
 * A branch's worth of what is in the working tree, committed or not, for somebody to clone: a bare
 * repository that shares the objects of this one. The checkout and its index stay as they are.
 */
export async function copyCheckout(
  folder: string,
): Promise<{ repository: string; commit: string }> {
  const env = {
    GIT_INDEX_FILE: join(folder, "index"),
    GIT_AUTHOR_NAME: "Stranger",
    GIT_AUTHOR_EMAIL: "stranger@example.test",
    GIT_COMMITTER_NAME: "Stranger",
    GIT_COMMITTER_EMAIL: "stranger@example.test",
  };
  await git(["read-tree", "HEAD"], env);
  await git(["add", "--all"], env);
  const tree = await git(["write-tree"], env);
  const commit = await git(["commit-tree", tree, "-p", "HEAD", "-m", "What is tried"], env);
  const repository = join(folder, "repository.git");
  await git(["clone", "--quiet", "--bare", "--shared", REPOSITORY, repository]);
  await git(["--git-dir", repository, "update-ref", "refs/heads/main", commit]);
  await git(["--git-dir", repository, "symbolic-ref", "HEAD", "refs/heads/main"]);
  return { repository, commit };
}

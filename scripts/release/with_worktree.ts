import { join } from "node:path";
import { ReleaseError } from "./release_error.ts";
import { runGit } from "./run_git.ts";

/** Gives a commit's files in a folder outside the checkout, which is gone afterwards. */
export async function withWorktree<Result>(
  { folder, commit }: { folder: string; commit: string },
  use: (worktree: string) => Promise<Result>,
): Promise<Result> {
  const parent = await Deno.makeTempDir({ prefix: "switchboard-rollback-" });
  const worktree = join(parent, "code");
  try {
    await runGit(["worktree", "add", "--quiet", "--detach", worktree, commit], folder)
      .catch((error: Error) => {
        throw new ReleaseError("not_found", `Cannot unpack "${commit}": ${error.message}`);
      });
    return await use(worktree);
  } finally {
    await runGit(["worktree", "remove", "--force", worktree], folder).catch(() => {});
    await Deno.remove(parent, { recursive: true }).catch(() => {});
    await runGit(["worktree", "prune"], folder).catch(() => {});
  }
}

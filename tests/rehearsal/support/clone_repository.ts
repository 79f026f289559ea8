import { REPOSITORY } from "../../../scripts/local/repository.ts";
import { runGit } from "../../../scripts/release/run_git.ts";

/** This repository with all its commits, at the last of them: what a release is made from. */
export async function cloneRepository(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard-clone-" });
  await runGit(["clone", "--quiet", "--shared", "--no-tags", REPOSITORY, folder]);
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

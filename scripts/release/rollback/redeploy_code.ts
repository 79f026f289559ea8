import { chooseSlugs, readFunctions } from "../preflight/read_functions.ts";
import { ReleaseError } from "../release_error.ts";
import { explainCli } from "../run_cli.ts";
import { stampVersion } from "../stamp_version.ts";
import { withWorktree } from "../with_worktree.ts";
import { findCode } from "./find_code.ts";
import type { RollbackContext } from "./rollback_context.ts";

/**
 * `code`: the functions of an earlier release again, with the real CLI. The database and the secrets stay.
 * What that release didn't have stays deployed. The same again uploads nothing.
 *
 * @throws ReleaseError
 */
export async function redeployCode(
  context: RollbackContext,
  { to, functions }: { to: string | null; functions: string[] | null },
): Promise<void> {
  const { target, folder, runCli, print } = context;
  const { commit, origin } = await findCode({ folder, ref: target.ref }, to);
  print(`code of ${origin}: commit ${commit.slice(0, 12)}`);
  const deployed = await withWorktree({ folder, commit }, async (worktree) => {
    const had = await readFunctions(worktree).catch(() => []);
    if (had.length === 0) {
      throw new ReleaseError("not_found", `Cannot deploy "${commit}": it has no functions`);
    }
    const slugs = chooseSlugs(had.map(({ slug }) => slug), functions);
    // A commit from before there was a version goes as it is.
    await stampVersion(worktree, commit).catch(() => {});
    const before = await readVersions(context);
    const result = await runCli(
      ["functions", "deploy", ...slugs, "--use-api", `--remote=${target.ref}`],
      { cwd: worktree },
    );
    const after = await readVersions(context);
    for (const slug of slugs) {
      const [old, now] = [before.get(slug), after.get(slug)];
      print(`${slug}: ${old === now ? `v${now}, as before` : `v${old ?? "none"} → v${now}`}`);
    }
    if (!result.success) {
      throw new ReleaseError("failed", `Cannot deploy "${commit}": ${explainCli(result)}`);
    }
    const left = [...after.keys()].filter((slug) => !had.some((one) => one.slug === slug));
    if (left.length > 0) print(`left as they are: ${left.join(", ")}`);
    return slugs;
  });
  // The project's others may be somebody else's, whom a request may make do something.
  await proveAlive(context, deployed);
}

async function readVersions({ management, target }: RollbackContext): Promise<Map<string, number>> {
  const live = await management.listFunctions(target.ref);
  return new Map(live.map(({ slug, version }) => [slug, version]));
}

const TIMEOUT_MILLISECONDS = 15_000;

/** @throws ReleaseError `failed`, naming whichever doesn't answer */
async function proveAlive({ target, fetch, print }: RollbackContext, slugs: string[]) {
  const dead = (await Promise.all(slugs.map(async (slug) => {
    const alive = await fetch(`${target.projectUrl}/functions/v1/${slug}/health?live=1`, {
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    }).then(async (response) => {
      await response.body?.cancel();
      // An earlier release may have no health to tell; that it boots is enough.
      return response.status < 500;
    }, () => false);
    return alive ? [] : [slug];
  }))).flat();
  if (dead.length > 0) {
    throw new ReleaseError("failed", `Cannot see "${dead.join(", ")}" alive: look at its log`);
  }
  print(`${slugs.length} functions answer`);
}

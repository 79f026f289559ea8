import { join } from "node:path";
import { findPrevious } from "./find_previous.ts";
import type { ReleaseContext } from "./release_context.ts";
import { ReleaseError } from "./release_error.ts";
import { explainCli } from "./run_cli.ts";
import { unpackRelease } from "./run_git.ts";

/**
 * Deploys the code that was live before this release again, where it is known for sure: a project whose
 * functions don't prove themselves shall go on serving.
 *
 * @returns its commit; null where nothing was deployed before, or it isn't known what
 * @throws ReleaseError `failed`
 */
export async function restoreFunctions(
  { journal, checkout, runCli, target }: Pick<
    ReleaseContext,
    "journal" | "checkout" | "runCli" | "target"
  >,
): Promise<string | null> {
  const slugs = Object.entries(journal.functionsBefore ?? {})
    .filter(([, version]) => version !== null).map(([slug]) => slug);
  const localFolder = join(checkout.folder, ".local");
  const previous = await findPrevious({ localFolder, folder: checkout.folder, journal });
  if (slugs.length === 0 || previous === null || !previous.isSure) return null;
  const into = await Deno.makeTempDir({ prefix: "switchboard-previous-" });
  try {
    await unpackRelease(previous, { into, folder: checkout.folder });
    const result = await runCli(
      ["functions", "deploy", ...slugs, "--use-api", `--remote=${target.ref}`],
      { cwd: into },
    );
    if (result.success) return previous.commit;
    throw new ReleaseError("failed", `Cannot deploy the code before: ${explainCli(result)}`);
  } finally {
    await Deno.remove(into, { recursive: true });
  }
}

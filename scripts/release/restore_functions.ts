import { join } from "node:path";
import { findPrevious } from "./find_previous.ts";
import type { ReleaseContext } from "./release_context.ts";
import { ReleaseError } from "./release_error.ts";
import { explainCli } from "./run_cli.ts";

/**
 * Deploys the code that was live before this release again, where it is known for sure: a project whose
 * functions don't prove themselves shall go on serving.
 *
 * @returns its commit; null where nothing was deployed before, or it isn't known what
 * @throws ReleaseError `failed`; StackError where the commit isn't in this clone
 */
export async function restoreFunctions(
  { journal, checkout, runCli, target, unpackCode }: Pick<
    ReleaseContext,
    "journal" | "checkout" | "runCli" | "target" | "unpackCode"
  >,
): Promise<string | null> {
  const slugs = Object.entries(journal.functionsBefore ?? {})
    .filter(([, version]) => version !== null).map(([slug]) => slug);
  const localFolder = join(checkout.folder, ".local");
  const previous = await findPrevious({ localFolder, folder: checkout.folder, journal });
  if (slugs.length === 0 || previous === null || !previous.isSure) return null;
  await using code = await unpackCode(previous);
  const result = await runCli(
    ["functions", "deploy", ...slugs, "--use-api", `--remote=${target.ref}`],
    { cwd: code.folder },
  );
  if (result.success) return previous.commit;
  throw new ReleaseError("failed", `Cannot deploy the code before: ${explainCli(result)}`);
}

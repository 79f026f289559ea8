import { join } from "node:path";
import { findPreviousCodes } from "./find_previous.ts";
import type { ReleaseContext } from "./release_context.ts";
import { ReleaseError } from "./release_error.ts";
import { explainCli } from "./run_cli.ts";

/** Functions that are of that commit again. */
export type Restored = { commit: string; slugs: string[] };

/**
 * Deploys the code that was live before this release again, where it is known for sure, each function
 * from its own commit: a project whose functions don't prove themselves shall go on serving.
 *
 * @param tellRestored is given each commit as soon as it is live
 * @throws ReleaseError `failed`; StackError where a commit isn't in this clone
 */
export async function restoreFunctions(
  { journal, checkout, runCli, target, unpackCode }: Pick<
    ReleaseContext,
    "journal" | "checkout" | "runCli" | "target" | "unpackCode"
  >,
  tellRestored: (restored: Restored) => void,
): Promise<void> {
  const localFolder = join(checkout.folder, ".local");
  const codes = await findPreviousCodes({ localFolder, folder: checkout.folder, journal });
  for (const { slugs, ...previous } of codes.filter(({ isSure }) => isSure)) {
    await using code = await unpackCode(previous);
    const result = await runCli(
      ["functions", "deploy", ...slugs, "--use-api", `--remote=${target.ref}`],
      { cwd: code.folder },
    );
    if (!result.success) {
      throw new ReleaseError("failed", `Cannot deploy the code before: ${explainCli(result)}`);
    }
    tellRestored({ commit: previous.commit, slugs });
  }
}

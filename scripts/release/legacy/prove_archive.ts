import { join } from "node:path";
import type { Management } from "../management/create_management.ts";
import { ReleaseError } from "../release_error.ts";
import { withWorktree } from "../with_worktree.ts";
import type { ArchivedFunction } from "./archive_sources.ts";
import { walk } from "./walk.ts";

/**
 * Has the platform bundle a function from the archive's commit and from nothing else, without deploying
 * it: what is deleted afterwards can be deployed again.
 *
 * @throws ReleaseError `failed` where it refuses; as Management's where it doesn't answer
 */
export async function proveArchive(
  { management, ref, folder }: {
    management: Pick<Management, "bundleFunction">;
    ref: string;
    folder: string;
  },
  { slug, commit, archived }: { slug: string; commit: string; archived: ArchivedFunction },
): Promise<void> {
  const { root, entrypoint, importMap, verifyJwt } = archived;
  await withWorktree({ folder, commit }, async (worktree) => {
    const from = join(worktree, root);
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const path of await walk(from)) files.set(path, await Deno.readFile(join(from, path)));
    await management.bundleFunction(ref, slug, { entrypoint, importMap, verifyJwt, files })
      .catch((error) => {
        if (!(error instanceof ReleaseError) || error.code !== "refused") throw error;
        throw new ReleaseError(
          "failed",
          `Cannot delete "${slug}": what would be archived couldn't be deployed again: ` +
            `${error.message}; give all of its source with --source <folder>`,
        );
      });
  });
}

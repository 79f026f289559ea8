import { unpackRelease } from "./run_git.ts";
import { stampVersion } from "./stamp_version.ts";

export type Code = { folder: string } & AsyncDisposable;

/**
 * A commit's files outside the checkout, as they are deployed: saying of which commit they are. Throws
 * StackError where this clone doesn't have it, ReleaseError where it has no version.
 */
export async function unpackCode(
  release: { commit: string; version: string },
  folder: string,
): Promise<Code> {
  const into = await Deno.makeTempDir({ prefix: "switchboard-code-" });
  const remove = () => Deno.remove(into, { recursive: true });
  try {
    await unpackRelease(release, { into, folder });
    await stampVersion(into, release.commit);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder: into, [Symbol.asyncDispose]: remove };
}

import { holdProject } from "./hold_project.ts";
import { holdRelease } from "./hold_release.ts";
import type { Target } from "./read_target.ts";
import { ReleaseError } from "./release_error.ts";

/**
 * Keeps what replaces or deletes functions or rows apart from a release of the same project, and from its
 * like, by the same two locks. In an incident there may be no time for that: `isForced` goes on without.
 *
 * @param folder the checkout
 * @throws ReleaseError `refused` while another one runs
 */
export async function holdWayBack<Result>(
  { folder, target, isForced, tell }: {
    folder: string;
    target: Pick<Target, "ref" | "databaseUrl">;
    isForced: boolean;
    tell(line: string): void;
  },
  use: () => Promise<Result>,
): Promise<Result> {
  const { ref, databaseUrl } = target;
  const action = "change";
  let isBegun = false;
  const begin = () => {
    isBegun = true;
    return use();
  };
  try {
    return await holdRelease(
      { folder: `${folder}/.local`, ref, action },
      () => holdProject({ databaseUrl, ref, tell, action }, begin),
    );
  } catch (error) {
    const isHeld = !isBegun && error instanceof ReleaseError && error.code === "refused";
    if (!isHeld) throw error;
    if (!isForced) {
      throw new ReleaseError("refused", `${error.message}; --force goes on all the same`);
    }
    tell(`note: ${error.message}; going on all the same`);
    return await use();
  }
}

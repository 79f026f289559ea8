import { join } from "node:path";
import { findPrevious } from "../find_previous.ts";
import { listJournals } from "../journal.ts";
import { readReleases } from "../read_releases.ts";
import { ReleaseError } from "../release_error.ts";
import { runGit } from "../run_git.ts";

export type Code = {
  commit: string;
  /** How it was found, for people. */
  origin: string;
};

/**
 * The commit that is meant: a tag, a version of `supabase/releases.json`, the id of a release that this
 * checkout made, or a commit. Without a name: what was live before the newest release from here that
 * came to deploying functions, and only where that is known for sure.
 *
 * @throws ReleaseError `not_found`, or `refused` with the commit that it may have been
 */
export async function findCode(
  { folder, ref }: { folder: string; ref: string },
  name: string | null,
): Promise<Code> {
  const localFolder = join(folder, ".local");
  const journals = await listJournals(localFolder, ref);
  if (name === null) {
    const journal = journals.find(({ functionsBefore }) => functionsBefore !== null);
    const previous = journal && await findPrevious({ localFolder, folder, journal });
    if (!previous) {
      throw new ReleaseError(
        "not_found",
        "Cannot find the code before: this checkout deployed nothing; name it with --to <tag>",
      );
    }
    const { commit, version, isSure } = previous;
    if (isSure) return { commit, origin: `release ${version}` };
    throw new ReleaseError(
      "refused",
      `Cannot find the code before release "${journal.id}" for sure: the newest of ` +
        `supabase/releases.json is ${version}; if that was live, give --to ${commit.slice(0, 12)}`,
    );
  }
  const listed = (await readReleases(folder).catch(() => []))
    .find(({ version }) => version === name.replace(/^v/, ""));
  if (listed !== undefined) return { commit: listed.commit, origin: `release ${listed.version}` };
  const journal = journals.find(({ id }) => id === name);
  if (journal !== undefined) return { commit: journal.commit, origin: `release ${journal.id}` };
  return { commit: await resolveCommit(name, folder), origin: `"${name}"` };
}

async function resolveCommit(name: string, folder: string): Promise<string> {
  // A name that begins with a dash would be an option of git's.
  if (!/^[\w][\w./@^~-]*$/.test(name)) {
    throw new ReleaseError("invalid", `Cannot find the code "${name}": it is no tag and no commit`);
  }
  try {
    const found = await runGit(["rev-parse", "--verify", "--quiet", `${name}^{commit}`], folder);
    return new TextDecoder().decode(found).trim();
  } catch {
    throw new ReleaseError(
      "not_found",
      `Cannot find the code "${name}": this clone has no such tag or commit; ` +
        "git fetch --tags gets what it lacks",
    );
  }
}

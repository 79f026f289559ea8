import { type Journal, listJournals } from "./journal.ts";
import { readReleases } from "./read_releases.ts";
import { runGit } from "./run_git.ts";
import { readStampedCommit, readVersionText } from "./stamp_version.ts";

export type Previous = { commit: string; version: string; isSure: boolean };

/**
 * The commit whose functions were live before this release. `isSure` where they all called themselves by
 * a commit of this clone, or a finished release from this checkout deployed exactly those versions, or
 * they called themselves by the version of one listed release alone; else it is the newest listed one.
 * Null where none is.
 */
export async function findPrevious(
  { localFolder, folder, journal }: { localFolder: string; folder: string; journal: Journal },
): Promise<Previous | null> {
  const journals = await listJournals(localFolder, journal.ref);
  const stamped = await readStamped(journal.codeBefore, folder);
  if (stamped !== null) {
    const own = journals.filter(({ commit }) => commit === stamped.commit);
    if (own.length === 0 || own.some(isProven)) return stamped;
    // It stopped before it proved itself: what was live before it is the code that served last.
    const earlier = own.findLast(({ id }) => id < journal.id);
    return earlier === undefined
      ? { ...stamped, isSure: false }
      : await findPrevious({ localFolder, folder, journal: earlier });
  }
  const before = Object.entries(journal.functionsBefore ?? {});
  const finished = journals.filter(({ id, finishedAt }) =>
    finishedAt !== null && id !== journal.id
  );
  const [last] = finished;
  const isLive = before.length > 0 && before.every(([slug, version]) => {
    const latest = finished.find(({ functionsAfter }) => functionsAfter?.[slug] !== undefined);
    return latest?.functionsAfter?.[slug] === version && latest.commit === last?.commit;
  });
  if (isLive && last !== undefined) {
    return { commit: last.commit, version: last.version, isSure: true };
  }
  const listed = (await readReleases(folder).catch(() => []))
    .filter(({ commit }) => commit !== journal.commit);
  const named: Previous[] = [];
  for (const { commit } of listed) {
    const version = await readVersion(commit, folder);
    // Two releases that call themselves the same can't be told apart.
    if (version !== null && version === journal.codeBefore && version !== journal.version) {
      named.push({ commit, version, isSure: true });
    }
  }
  const [only, another] = named;
  if (only !== undefined && another === undefined) return only;
  const newest = listed.at(-1);
  return newest === undefined ? null : { ...newest, isSure: false };
}

const isProven = ({ steps }: Journal) => steps["proofs"]?.state === "done";

/** What a deployed function says; null where it names no commit, or one that isn't in this clone. */
async function readStamped(name: string | null, folder: string): Promise<Previous | null> {
  const short = name === null ? null : readStampedCommit(name);
  if (name === null || short === null) return null;
  const commit = await runGit(["rev-parse", "--verify", "--quiet", `${short}^{commit}`], folder)
    .then((bytes) => new TextDecoder().decode(bytes).trim(), () => null);
  return commit === null
    ? null
    : { commit, version: name.slice(0, name.lastIndexOf("+")), isSure: true };
}

/** What the code of a commit calls itself; null where this clone doesn't have it. */
async function readVersion(commit: string, folder: string): Promise<string | null> {
  const path = `${commit}:supabase/functions/_shared/version.ts`;
  const source = await runGit(["show", path], folder)
    .then((bytes) => new TextDecoder().decode(bytes), () => "");
  return readVersionText(source);
}

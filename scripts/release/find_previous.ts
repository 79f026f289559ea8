import { type Journal, listJournals } from "./journal.ts";
import { readReleases } from "./read_releases.ts";

/**
 * The commit whose functions were live before this release. `isSure` where a finished release from this
 * checkout deployed exactly those versions; else it is the newest listed release. Null where none is.
 */
export async function findPrevious(
  { localFolder, folder, journal }: { localFolder: string; folder: string; journal: Journal },
): Promise<{ commit: string; version: string; isSure: boolean } | null> {
  const before = Object.entries(journal.functionsBefore ?? {});
  const finished = (await listJournals(localFolder, journal.ref))
    .filter(({ id, finishedAt }) => finishedAt !== null && id !== journal.id);
  const isLive = before.length > 0 && before.every(([slug, version]) => {
    const latest = finished.find(({ functionsAfter }) => functionsAfter?.[slug] !== undefined);
    return latest?.functionsAfter?.[slug] === version &&
      latest.commit === finished[0]?.commit;
  });
  const [last] = finished;
  if (isLive && last !== undefined) {
    return { commit: last.commit, version: last.version, isSure: true };
  }
  const listed = (await readReleases(folder).catch(() => []))
    .findLast(({ commit }) => commit !== journal.commit);
  return listed === undefined ? null : { ...listed, isSure: false };
}

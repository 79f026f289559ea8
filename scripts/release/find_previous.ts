import { type Journal, listJournals } from "./journal.ts";
import { readReleases } from "./read_releases.ts";
import { runGit } from "./run_git.ts";

export type Previous = { commit: string; version: string; isSure: boolean };

/**
 * The commit whose functions were live before this release. `isSure` where a finished release from this
 * checkout deployed exactly those versions, or where they called themselves by the version of one listed
 * release alone; else it is the newest listed one. Null where none is.
 */
export async function findPrevious(
  { localFolder, folder, journal }: { localFolder: string; folder: string; journal: Journal },
): Promise<Previous | null> {
  const before = Object.entries(journal.functionsBefore ?? {});
  const finished = (await listJournals(localFolder, journal.ref))
    .filter(({ id, finishedAt }) => finishedAt !== null && id !== journal.id);
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

/** What the code of a commit calls itself; null where this clone doesn't have it. */
async function readVersion(commit: string, folder: string): Promise<string | null> {
  const path = `${commit}:supabase/functions/_shared/version.ts`;
  const source = await runGit(["show", path], folder)
    .then((bytes) => new TextDecoder().decode(bytes), () => "");
  return readVersionText(source);
}

export function readVersionText(source: string): string | null {
  return /const VERSION = "([^"]+)"/.exec(source)?.[1] ?? null;
}

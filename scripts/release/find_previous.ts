import { type Journal, listJournals } from "./journal.ts";
import { readReleases } from "./read_releases.ts";
import { ReleaseError } from "./release_error.ts";
import { runGit } from "./run_git.ts";
import { readStampedCommit, readVersionText } from "./stamp_version.ts";

export type Previous = { commit: string; version: string; isSure: boolean };
/** Functions that were of the same commit before. */
export type PreviousCode = Previous & { slugs: string[] };

type Place = { localFolder: string; folder: string; journal: Journal };

/**
 * The commits whose functions were live before this release, each with its functions: they differ where
 * some were released alone, or half of them arrived. `isSure` where a function called itself by a commit
 * of this clone that proved itself, or its version was deployed by such a release from this checkout, or
 * it called itself by the version of one listed release alone; else it is the newest listed one. What
 * wasn't there before, or of which nothing is known, is in none.
 */
export async function findPreviousCodes(
  { localFolder, folder, journal }: Place,
): Promise<PreviousCode[]> {
  const journals = await listJournals(localFolder, journal.ref);
  const listed = await readListed(folder);
  const slugs = Object.entries(journal.functionsBefore ?? {})
    .filter(([, version]) => version !== null).map(([slug]) => slug);
  const codes: PreviousCode[] = [];
  for (const slug of slugs) {
    const previous = await findOne(slug, { journals, listed, folder, journal });
    if (previous === null) continue;
    const same = codes.find(({ commit, isSure }) =>
      commit === previous.commit && isSure === previous.isSure
    );
    if (same === undefined) codes.push({ ...previous, slugs: [slug] });
    else same.slugs.push(slug);
  }
  return codes;
}

/**
 * The same where it was one commit; null where nothing is known.
 * @throws ReleaseError `refused` where it was several: each goes back by itself
 */
export async function findPrevious(place: Place): Promise<Previous | null> {
  const [first, ...rest] = await findPreviousCodes(place);
  const { journal, folder } = place;
  if (first !== undefined && rest.length === 0) {
    const { commit, version, isSure } = first;
    return { commit, version, isSure };
  }
  if (first === undefined) {
    const newest = (await readListed(folder)).findLast(({ commit }) => commit !== journal.commit);
    return newest === undefined
      ? null
      : { commit: newest.commit, version: newest.version, isSure: false };
  }
  const words = [first, ...rest].map(({ commit, slugs, isSure }) =>
    `--to ${commit.slice(0, 12)} --functions ${slugs.join(",")}${isSure ? "" : " (not for sure)"}`
  );
  throw new ReleaseError(
    "refused",
    `Cannot find the code before release "${journal.id}" as one: its functions were of several ` +
      `commits; go back with each: ${words.join("; ")}`,
  );
}

type Listed = { commit: string; version: string; name: string | null };

async function findOne(
  slug: string,
  { journals, listed, folder, journal }: {
    journals: readonly Journal[];
    listed: readonly Listed[];
    folder: string;
    journal: Journal;
  },
): Promise<Previous | null> {
  const name = journal.codesBefore[slug] ?? journal.codeBefore;
  const before = journals.filter(({ id }) => id < journal.id);
  const live = await readStamped(name, folder) ??
    findDeployed(slug, journal.functionsBefore?.[slug] ?? null, before);
  if (live !== null) {
    const own = journals.filter(({ commit, functionsBefore }) =>
      commit === live.commit && functionsBefore?.[slug] !== undefined
    );
    if (own.length === 0 || own.some(isProven)) return live;
    // It stopped before it proved itself: what was live before it is the code that served last.
    const earlier = own.findLast(({ id }) => id < journal.id);
    return earlier === undefined
      ? { ...live, isSure: false }
      : await findOne(slug, { journals, listed, folder, journal: earlier });
  }
  const others = listed.filter(({ commit }) => commit !== journal.commit);
  // Two releases that call themselves the same can't be told apart.
  const [only, another] = others.filter((one) =>
    name !== null && one.name === name && name !== journal.version
  );
  if (only !== undefined && another === undefined) {
    return { commit: only.commit, version: name ?? only.version, isSure: true };
  }
  const newest = others.at(-1);
  return newest === undefined
    ? null
    : { commit: newest.commit, version: newest.version, isSure: false };
}

const isProven = ({ steps, finishedAt }: Journal) =>
  finishedAt !== null || steps["proofs"]?.state === "done";

/** Whose code a version of a function is, by the latest release from here that deployed it. */
function findDeployed(
  slug: string,
  version: number | null,
  journals: readonly Journal[],
): Previous | null {
  const latest = journals.find(({ functionsAfter }) => functionsAfter?.[slug] !== undefined);
  if (version === null || latest === undefined) return null;
  const restored = latest.functionsRestored[slug];
  if (restored?.version === version) {
    return { commit: restored.commit, version: restored.commit.slice(0, 12), isSure: true };
  }
  if (latest.functionsAfter?.[slug] !== version) return null;
  return { commit: latest.commit, version: latest.version, isSure: true };
}

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

/** The listed releases, each with what its code calls itself: null where this clone doesn't have it. */
async function readListed(folder: string): Promise<Listed[]> {
  const releases = await readReleases(folder).catch(() => []);
  return await Promise.all(releases.map(async ({ commit, version }) => {
    const path = `${commit}:supabase/functions/_shared/version.ts`;
    const source = await runGit(["show", path], folder)
      .then((bytes) => new TextDecoder().decode(bytes), () => "");
    return { commit, version, name: readVersionText(source) };
  }));
}

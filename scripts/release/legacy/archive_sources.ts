import { walk } from "./walk.ts";
import { ReleaseError } from "../release_error.ts";

export const ARCHIVE_BRANCH = "archive/legacy-webhooks";

/**
 * What of a function is on the branch, by the file `archive.json` beside the sources: enough to deploy
 * it again as it was. Paths begin at `root`.
 */
export type ArchivedFunction = {
  ref: string;
  version: number;
  files: number;
  /** Of the branch, the folder above this function's own `supabase/`: two may have had different shared files. */
  root: string;
  verifyJwt: boolean;
  entrypoint: string;
  importMap: string | null;
};
/** The first archives had a function's own folder alone, below `supabase/functions` of the branch. */
type FirstArchived = Pick<ArchivedFunction, "ref" | "version" | "files">;
export type Archived = Record<string, ArchivedFunction | FirstArchived>;

/** Whether all that the function needs was kept. */
export const isWhole = (
  archived: Archived[string] | undefined,
): archived is ArchivedFunction => archived !== undefined && "root" in archived;

type Git = { folder: string; branch?: string };
type Run = { args: string[]; folder: string; env?: Record<string, string>; input?: string };

/** Throws ReleaseError with git's own reason. */
async function git({ args, folder, env = {}, input }: Run): Promise<string> {
  const child = new Deno.Command("git", {
    args,
    cwd: folder,
    env,
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  }
  const { success, stdout, stderr } = await child.output();
  if (success) return new TextDecoder().decode(stdout).trim();
  const reason = new TextDecoder().decode(stderr).trim();
  throw new ReleaseError("failed", `Cannot archive with git ${args[0]}: ${reason}`);
}

async function findCommit(folder: string, name: string): Promise<string | null> {
  const args = ["rev-parse", "--verify", "--quiet", `${name}^{commit}`];
  return await git({ args, folder }).catch(() => null);
}

/** The archive's newest commit: this clone's branch, else origin's as it was fetched; null where neither is. */
export async function findArchive(
  { folder, branch = ARCHIVE_BRANCH }: Git,
): Promise<string | null> {
  return await findCommit(folder, `refs/heads/${branch}`) ??
    await findCommit(folder, `refs/remotes/origin/${branch}`);
}

/**
 * Gives the archive to `origin`, so that it is more than one disk's.
 *
 * @returns false in a checkout without an origin
 * @throws ReleaseError `failed`, also where origin's branch has what this one doesn't
 */
export async function pushArchive({ folder, branch = ARCHIVE_BRANCH }: Git): Promise<boolean> {
  const remotes = await git({ args: ["remote"], folder });
  if (!remotes.split("\n").includes("origin")) return false;
  await git({
    args: ["push", "--quiet", "origin", `refs/heads/${branch}:refs/heads/${branch}`],
    folder,
    env: { GIT_TERMINAL_PROMPT: "0" },
  });
  return true;
}

/** What is archived so far; nothing where there is no such branch. */
export async function readArchived(options: Git): Promise<Archived> {
  const tip = await findArchive(options);
  if (tip === null) return {};
  const text = await git({ args: ["show", `${tip}:archive.json`], folder: options.folder });
  return JSON.parse(text) as Archived;
}

/**
 * Commits a function's source to the archive's branch as `functions/<slug>`, without touching the working
 * tree or its index. The branch moves only once `prove` didn't throw, and only from where it was read: of
 * two at once one fails. The same again is no commit.
 *
 * @param from the folder above its `supabase/`
 * @param prove is given the commit and what it says of the function
 * @returns the commit
 * @throws ReleaseError `failed`
 */
export async function archiveSource(
  { slug, from, ...about }:
    & { slug: string; from: string }
    & Pick<ArchivedFunction, "ref" | "version" | "verifyJwt" | "entrypoint" | "importMap">,
  { folder, branch = ARCHIVE_BRANCH, prove = () => Promise.resolve() }: Git & {
    prove?: (commit: string, archived: ArchivedFunction) => Promise<void>;
  },
): Promise<string> {
  const files = await walk(from);
  if (files.length === 0) {
    throw new ReleaseError("failed", `Cannot archive "${slug}": its source is empty`);
  }
  const own = await findCommit(folder, `refs/heads/${branch}`);
  const tip = own ?? await findArchive({ folder, branch });
  const before = await readArchived({ folder, branch });
  const root = `functions/${slug}`;
  const archived: ArchivedFunction = { ...about, files: files.length, root };
  const workFolder = await Deno.makeTempDir({ prefix: "switchboard-archive-" });
  try {
    const env = { GIT_INDEX_FILE: `${workFolder}/index` };
    await git({ args: tip === null ? ["read-tree", "--empty"] : ["read-tree", tip], folder, env });
    await git({
      args: ["rm", "-r", "--cached", "--quiet", "--ignore-unmatch", root],
      folder,
      env,
    });
    const list = `${workFolder}/archive.json`;
    await Deno.writeTextFile(list, `${JSON.stringify({ ...before, [slug]: archived }, null, 2)}\n`);
    const added = [
      ...files.map((path) => ({ path: `${root}/${path}`, at: `${from}/${path}` })),
      { path: "archive.json", at: list },
    ];
    const ids = (await git({
      args: ["hash-object", "-w", "--no-filters", "--stdin-paths"],
      folder,
      input: added.map(({ at }) => `${at}\n`).join(""),
    })).split("\n");
    const input = added.map(({ path }, place) => `100644 ${ids[place]}\t${path}\n`).join("");
    await git({ args: ["update-index", "--index-info"], folder, env, input });
    const tree = await git({ args: ["write-tree"], folder, env });
    const isSame = tip !== null &&
      tree === await git({ args: ["rev-parse", `${tip}^{tree}`], folder });
    const commit = isSame ? tip : await git({
      args: [
        ["commit-tree", tree],
        tip === null ? [] : ["-p", tip],
        ["-m", `Keep ${slug} as version ${about.version} of ${about.ref} was`],
      ].flat(),
      folder,
    });
    await prove(commit, archived);
    await git({
      args: ["update-ref", `refs/heads/${branch}`, commit, own ?? "0".repeat(40)],
      folder,
    });
    return commit;
  } finally {
    await Deno.remove(workFolder, { recursive: true });
  }
}

import { walk } from "./walk.ts";
import { ReleaseError } from "../release_error.ts";

export const ARCHIVE_BRANCH = "archive/legacy-webhooks";

/** What of a function is on the branch, by the file `archive.json` beside the sources. */
export type Archived = Record<string, { ref: string; version: number; files: number }>;

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
 * Commits a function's source to the archive's branch as `supabase/functions/<slug>`, without touching
 * the working tree or its index. The branch moves only from where it was read: of two at once one fails.
 *
 * @returns the commit
 * @throws ReleaseError `failed`
 */
export async function archiveSource(
  { slug, ref, version, from }: { slug: string; ref: string; version: number; from: string },
  { folder, branch = ARCHIVE_BRANCH }: Git,
): Promise<string> {
  const files = await walk(from);
  if (files.length === 0) {
    throw new ReleaseError("failed", `Cannot archive "${slug}": its source is empty`);
  }
  const own = await findCommit(folder, `refs/heads/${branch}`);
  const tip = own ?? await findArchive({ folder, branch });
  const archived = await readArchived({ folder, branch });
  const workFolder = await Deno.makeTempDir({ prefix: "switchboard-archive-" });
  try {
    const env = { GIT_INDEX_FILE: `${workFolder}/index` };
    const prefix = `supabase/functions/${slug}/`;
    await git({ args: tip === null ? ["read-tree", "--empty"] : ["read-tree", tip], folder, env });
    if (slug in archived) {
      await git({
        args: ["rm", "-r", "--cached", "--quiet", "--ignore-unmatch", prefix],
        folder,
        env,
      });
    }
    for (const path of files) {
      const id = await git({
        args: ["hash-object", "-w", "--no-filters", `${from}/${path}`],
        folder,
      });
      await addToIndex(`${prefix}${path}`, id, { folder, env });
    }
    const listed = { ...archived, [slug]: { ref, version, files: files.length } };
    const input = `${JSON.stringify(listed, null, 2)}\n`;
    const list = await git({ args: ["hash-object", "-w", "--stdin"], folder, input });
    await addToIndex("archive.json", list, { folder, env });
    const tree = await git({ args: ["write-tree"], folder, env });
    const commit = await git({
      args: [
        ["commit-tree", tree],
        tip === null ? [] : ["-p", tip],
        ["-m", `Keep ${slug} as version ${version} of ${ref} was`],
      ].flat(),
      folder,
    });
    await git({
      args: ["update-ref", `refs/heads/${branch}`, commit, own ?? "0".repeat(40)],
      folder,
    });
    return commit;
  } finally {
    await Deno.remove(workFolder, { recursive: true });
  }
}

async function addToIndex(
  path: string,
  id: string,
  { folder, env }: { folder: string; env: Record<string, string> },
): Promise<void> {
  const args = ["update-index", "--add", "--cacheinfo", `100644,${id},${path}`];
  await git({ args, folder, env });
}

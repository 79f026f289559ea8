import { join } from "node:path";
import { type Archived, isWhole } from "../legacy/archive_sources.ts";
import { copySource, findWiring } from "../legacy/gather_source.ts";
import { LEGACY_FUNCTIONS } from "../legacy/judge_retirement.ts";
import type { LiveFunction } from "../management/schemas.ts";
import { ReleaseError } from "../release_error.ts";
import type { OlderFunction } from "./redeploy_folders.ts";

/** The functions of the archive that are meant, as they were; `worktree` holds its newest commit. */
export async function findArchived(
  { worktree, archived, functions, own }: {
    worktree: string;
    archived: Archived;
    functions: string[] | null;
    own: readonly string[];
  },
): Promise<OlderFunction[]> {
  const there = Object.keys(archived);
  const slugs = chooseOlder({ there, functions, archived, own, place: "the archive" });
  return await Promise.all(slugs.map(async (slug) => {
    const kept = archived[slug];
    if (isWhole(kept)) return { ...kept, slug, root: join(worktree, kept.root) };
    // Of the first archives: who calls them has no token of the project's.
    return {
      slug,
      root: worktree,
      verifyJwt: false,
      ...await findWiring({ slug, root: worktree }),
    };
  }));
}

/**
 * Gives those of a folder of sources, copied; where one is archived or live, as it is there.
 *
 * @throws ReleaseError `not_found` or `missing`
 */
export async function withSource<Result>(
  { source, functions, archived, own, live }: {
    source: string;
    functions: string[] | null;
    archived: Archived;
    own: readonly string[];
    live: readonly LiveFunction[];
  },
  use: (older: OlderFunction[]) => Promise<Result>,
): Promise<Result> {
  const there = await listFolders(source);
  const slugs = chooseOlder({ there, functions, archived, own, place: `"${source}"` });
  const root = await Deno.makeTempDir({ prefix: "switchboard-legacy-" });
  try {
    const older: OlderFunction[] = [];
    for (const slug of slugs) {
      const known = live.find((one) => one.slug === slug);
      await copySource({ slug, source, into: root, live: known, withAll: true });
      const kept = archived[slug];
      const verifyJwt = known?.verifyJwt ?? (isWhole(kept) && kept.verifyJwt);
      older.push({ slug, root, verifyJwt, ...await findWiring({ slug, root, live: known }) });
    }
    return await use(older);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/**
 * Which of those that are there: the named ones, or those that are known as the older product's by name or
 * because they were archived. One of ours is never among them, whatever is in a folder.
 *
 * @param own the slugs of this checkout's config.toml
 * @throws ReleaseError `invalid` for one of ours, `not_found` for what isn't there, or none
 */
export function chooseOlder(
  { there, functions, archived, own, place }: {
    there: readonly string[];
    functions: readonly string[] | null;
    archived: Archived;
    own: readonly string[];
    place: string;
  },
): string[] {
  const ours = functions?.find((slug) => own.includes(slug));
  if (ours !== undefined) {
    throw new ReleaseError(
      "invalid",
      `Cannot deploy "${ours}" as an older function: it is one of ours, which "rollback code" deploys`,
    );
  }
  const missing = functions?.find((slug) => !there.includes(slug));
  const known = [...LEGACY_FUNCTIONS, ...Object.keys(archived)];
  const slugs = functions ??
    there.filter((slug) => known.includes(slug) && !own.includes(slug));
  if (missing === undefined && slugs.length > 0) return [...slugs];
  throw new ReleaseError(
    "not_found",
    `Cannot find the function "${missing ?? "*"}": ${place} has ${there.join(", ") || "none"}` +
      (functions === null && there.length > 0 ? "; name the older ones with --functions" : ""),
  );
}

/** Folders that are functions, by the platform's rule: no underscore in front. */
async function listFolders(from: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(from)) {
      if (isDirectory && !/^[_.]/.test(name)) names.push(name);
    }
  } catch (error) {
    throw new ReleaseError("not_found", `Cannot read "${from}": ${(error as Error).message}`);
  }
  return names.sort();
}

import type { Journal } from "./journal.ts";
import { readCodes } from "./read_codes.ts";
import type { ReleaseContext } from "./release_context.ts";
import { readStampedCommit } from "./stamp_version.ts";

/**
 * Functions that something else deployed since this release stopped: they are neither what was live before
 * it nor its own. What was before, its backup and its baseline then tell of another project than the one
 * that is there.
 *
 * @throws ReleaseError where the project doesn't tell its functions
 */
export async function findOvertaken(
  { functionsBefore, functionsAfter, functionsRestored, commit }: Journal,
  context: Pick<ReleaseContext, "management" | "target" | "fetch" | "pause">,
): Promise<string[]> {
  const slugs = Object.entries(functionsBefore ?? {});
  if (slugs.length === 0) return [];
  const live = new Map(
    (await context.management.listFunctions(context.target.ref))
      .map(({ slug, version }) => [slug, version]),
  );
  const moved = slugs.filter(([slug, before]) => {
    const now = live.get(slug) ?? null;
    const own = [before, functionsAfter?.[slug], functionsRestored[slug]?.version];
    return !own.includes(now);
  }).map(([slug]) => slug);
  // Cut off while it uploaded it kept no versions: what is its own says so.
  const codes = await readCodes(context, moved.filter((slug) => live.has(slug)));
  return moved.filter((slug) => {
    const stamped = readStampedCommit(codes[slug] ?? "");
    return stamped === null || !commit.startsWith(stamped);
  });
}

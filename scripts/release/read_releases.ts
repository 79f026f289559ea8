import { join } from "node:path";
import * as z from "zod";
import { REPOSITORY } from "../local/repository.ts";
import { StackError } from "../local/stack_error.ts";

export const RELEASES_FILE: string = join("supabase", "releases.json");

const releases = z.array(z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  commit: z.string().regex(/^[0-9a-f]{40}$/),
})).min(1);

/** `version` without the tag's `v`; the whole commit id. */
export type Release = z.infer<typeof releases>[number];

/** What `supabase/releases.json` lists, the newest last. Throws StackError. */
export async function readReleases(folder: string = REPOSITORY): Promise<Release[]> {
  const text = await Deno.readTextFile(join(folder, RELEASES_FILE));
  const parsed = releases.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StackError(
    `Cannot read "${RELEASES_FILE}": ${issue?.path.join(".")}: ${issue?.message}`,
  );
}

/** The newest release: what is live while this checkout is developed. Throws StackError. */
export async function readPreviousRelease(folder: string = REPOSITORY): Promise<Release> {
  const last = (await readReleases(folder)).at(-1);
  if (last === undefined) throw new StackError(`Cannot read "${RELEASES_FILE}": it is empty`);
  return last;
}

import { join } from "node:path";
import { ReleaseError } from "./release_error.ts";

const VERSION_FILE = join("supabase", "functions", "_shared", "version.ts");
const VERSION = /const VERSION = "([^"+]+)(?:\+[0-9a-f]+)?"/;

/**
 * What the functions of a release call themselves: the version with its commit as SemVer's build
 * metadata (https://semver.org/#spec-item-10), `0.2.0+1dc15f924e5f`.
 */
export function nameRelease({ version, commit }: { version: string; commit: string }): string {
  return `${version}+${commit.slice(0, 12)}`;
}

/** Of what a function calls itself: null where it was deployed by something that didn't say. */
export function readStampedCommit(name: string): string | null {
  return /\+([0-9a-f]{12})$/.exec(name)?.[1] ?? null;
}

export function readVersionText(source: string): string | null {
  return VERSION.exec(source)?.[1] ?? null;
}

/**
 * Lets the functions of an unpacked checkout say of which commit they are: whoever releases next, from
 * whatever machine, knows then what to put back.
 *
 * @throws ReleaseError `failed` where the checkout has no version
 */
export async function stampVersion(folder: string, commit: string): Promise<void> {
  const path = join(folder, VERSION_FILE);
  const source = await Deno.readTextFile(path).catch(() => "");
  const version = readVersionText(source);
  if (version === null) {
    throw new ReleaseError("failed", `Cannot stamp "${folder}": ${VERSION_FILE} has no version`);
  }
  const stamped = source.replace(VERSION, `const VERSION = "${nameRelease({ version, commit })}"`);
  await Deno.writeTextFile(path, stamped);
}

import { readPreviousRelease, type Release } from "../../../scripts/release/read_releases.ts";
import { unpackRelease } from "../../../scripts/release/run_git.ts";

/** The previous release's checkout in an empty folder, with the packages of its own lock. */
export async function unpackCheckout(into: string): Promise<Release> {
  const release = await readPreviousRelease();
  await unpackRelease(release, { into });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["install", "--frozen", "--quiet"],
    cwd: into,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return release;
}

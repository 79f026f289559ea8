import { REPOSITORY } from "../local/repository.ts";
import { StackError } from "../local/stack_error.ts";
import type { Release } from "./read_releases.ts";

const decoder = new TextDecoder();

/** What git prints. Throws StackError with git's own reason. */
export async function runGit(args: string[], folder: string = REPOSITORY): Promise<Uint8Array> {
  // A command that isn't there is thrown, not rejected.
  const run = async () => await new Deno.Command("git", { args, cwd: folder }).output();
  const { success, stdout, stderr } = await run().catch((error: Error) => {
    throw new StackError(`Cannot run "git": ${error.message}`);
  });
  if (success) return stdout;
  throw new StackError(`Cannot run "git ${args[0]}": ${decoder.decode(stderr).trim()}`);
}

/** Throws StackError when the release's commit isn't in this clone, and says how to get it. */
export async function requireRelease(
  { version, commit }: Release,
  folder?: string,
): Promise<void> {
  await runGit(["cat-file", "-e", `${commit}^{commit}`], folder).catch(() => {
    throw new StackError(
      `Cannot find release "${version}": commit ${commit.slice(0, 12)} isn't in this clone; ` +
        "a shallow clone gets it with: git fetch --unshallow --tags",
    );
  });
}

/** The names of a release's files below a folder, with that folder. Throws StackError. */
export async function listReleased(
  release: Release,
  path: string,
  folder?: string,
): Promise<string[]> {
  await requireRelease(release, folder);
  const names = await runGit(
    ["ls-tree", "-r", "-z", "--name-only", release.commit, "--", path],
    folder,
  );
  return decoder.decode(names).split("\0").filter(Boolean);
}

/** Writes the release's whole checkout into an empty folder. Throws StackError. */
export async function unpackRelease(
  release: Release,
  { into, folder }: { into: string; folder?: string },
): Promise<void> {
  await requireRelease(release, folder);
  const archive = await runGit(["archive", "--format=tar", release.commit], folder);
  await Deno.mkdir(into, { recursive: true });
  const tar = new Deno.Command("tar", { args: ["-x", "-C", into], stdin: "piped", stderr: "piped" })
    .spawn();
  const writer = tar.stdin.getWriter();
  await writer.write(archive);
  await writer.close();
  const { success, stderr } = await tar.output();
  if (!success) {
    throw new StackError(`Cannot unpack "${release.version}": ${decoder.decode(stderr)}`);
  }
}

import { join } from "node:path";
import { ReleaseError } from "./release_error.ts";

/**
 * Lets one release of a project run at a time from this checkout. The system's own lock of a file: it
 * ends with the process that holds it, however that ended.
 * @param folder the checkout's `.local`
 * @param action what can't be done while another one runs
 * @throws ReleaseError `refused` while another one runs
 */
export async function holdRelease<Result>(
  { folder, ref, action = "release to" }: { folder: string; ref: string; action?: string },
  use: () => Promise<Result>,
): Promise<Result> {
  const place = join(folder, "releases", ref);
  const path = join(place, "lock");
  await Deno.mkdir(place, { recursive: true });
  using _file = await take(path, `Cannot ${action} "${ref}"`);
  try {
    return await use();
  } finally {
    await Deno.remove(path).catch(() => {});
  }
}

async function take(path: string, problem: string): Promise<Deno.FsFile> {
  for (;;) {
    const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
    try {
      if (!await file.tryLock(true)) {
        const pid = /^\d+/.exec(await Deno.readTextFile(path).catch(() => ""))?.[0];
        throw new ReleaseError(
          "refused",
          `${problem}: process ${pid ?? "unknown"} is releasing to it (${path})`,
        );
      }
      // Who held it removed it meanwhile: another one may hold the file that took its place.
      const there = await Deno.stat(path).catch(() => null);
      if (there !== null && there.ino === (await file.stat()).ino) {
        await file.truncate();
        await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
        return file;
      }
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
  }
}

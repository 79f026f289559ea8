import { join } from "node:path";
import { readProcessIdentity } from "../local/read_process_identity.ts";
import { ReleaseError } from "./release_error.ts";

/**
 * Lets one release of a project run at a time from this checkout. A release that was killed holds
 * nobody up.
 * @param folder the checkout's `.local`
 * @throws ReleaseError `refused` while another one runs
 */
export async function holdRelease<Result>(
  { folder, ref }: { folder: string; ref: string },
  use: () => Promise<Result>,
): Promise<Result> {
  const place = join(folder, "releases", ref);
  const path = join(place, "lock");
  await Deno.mkdir(place, { recursive: true });
  const own = JSON.stringify({ pid: Deno.pid, identity: await readProcessIdentity(Deno.pid) });
  for (let attempt = 0;; attempt += 1) {
    try {
      await Deno.writeTextFile(path, own, { createNew: true, mode: 0o600 });
      break;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
    const text = await Deno.readTextFile(path).catch(() => "");
    const { pid, identity } = parse(text);
    if (attempt > 0 || (pid !== null && await readProcessIdentity(pid) === identity)) {
      throw new ReleaseError(
        "refused",
        `Cannot release to "${ref}": process ${pid ?? "unknown"} is releasing to it (${path})`,
      );
    }
    await Deno.remove(path).catch(() => {});
  }
  try {
    return await use();
  } finally {
    await Deno.remove(path).catch(() => {});
  }
}

function parse(text: string): { pid: number | null; identity: string | undefined } {
  try {
    const { pid, identity } = JSON.parse(text) as { pid?: number; identity?: string };
    return { pid: pid ?? null, identity };
  } catch {
    return { pid: null, identity: undefined };
  }
}

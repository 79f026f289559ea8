/** Those that are open now. */
const open = new Set<string>();

/** Also where the process ends before what uses a folder does: `Deno.exit` waits for nobody. */
function removeAll(): void {
  for (const folder of open) {
    try {
      Deno.removeSync(folder, { recursive: true });
    } catch {
      // It is gone, or not ours to remove any more.
    }
  }
}

/** Gives a folder that nobody else may read, and that is gone afterwards, however it ended but by SIGKILL. */
export async function withPrivateFolder<Result>(
  prefix: string,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  if (open.size === 0) globalThis.addEventListener("unload", removeAll);
  const folder = await Deno.makeTempDir({ prefix });
  open.add(folder);
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
    open.delete(folder);
    if (open.size === 0) globalThis.removeEventListener("unload", removeAll);
  }
}

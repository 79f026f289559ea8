/**
 * Waits until the process that started this one is gone, however it ended: it holds our standard
 * input open, and the system closes that for it.
 */
export async function endWithParent(end: () => unknown): Promise<void> {
  const buffer = new Uint8Array(64);
  while (await Deno.stdin.read(buffer).catch(() => null) !== null);
  await end();
}

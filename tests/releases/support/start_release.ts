import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type RunningRelease = {
  /** For SWITCHBOARD_STACK. */
  stackPath: string;
  stop(): Promise<void>;
};

/** A checkout's whole stack on a state folder, which keeps the database for the next one. */
export async function startRelease(
  { checkout, stateFolder, port }: { checkout: string; stateFolder: string; port: number },
): Promise<RunningRelease> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ["run", "--allow-all", "--no-check", "--quiet", "--config", join(checkout, "deno.json")],
      [fileURLToPath(new URL("serve_release.ts", import.meta.url))],
      [checkout, stateFolder, String(port)],
    ].flat(),
    cwd: checkout,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const stop = async () => {
    await child.stdin.close().catch(() => {});
    await child.status;
  };
  const reader = child.stdout.getReader();
  const { done } = await reader.read();
  await reader.cancel();
  if (done) {
    await stop();
    throw new Error(`Cannot start the stack of "${checkout}"; its logs are in ${stateFolder}`);
  }
  return { stackPath: join(stateFolder, "stack.json"), stop };
}

/** Runs a checkout's own tests against the stack in SWITCHBOARD_STACK. */
export async function runTests(
  checkout: string,
  files: string[],
): Promise<{ success: boolean; output: string }> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "--allow-all", "--no-check", ...files],
    cwd: checkout,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

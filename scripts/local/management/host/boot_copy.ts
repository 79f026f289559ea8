import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { findFreePort } from "../../find_free_port.ts";
import { killQuietly, type ProcessRegistry } from "../../process_registry.ts";
import { denoEnvironment } from "../../start_functions.ts";
import { eachLine, type Log } from "../../write_log.ts";
import { configArguments } from "../bundle_upload.ts";
import type { Bundle } from "../function_store.ts";

/** The platform's limits. */
const MEMORY_MEGABYTES = 256;
const BOOT_LIMIT_MILLISECONDS = 10_000;
const POLL_MILLISECONDS = 10;
/** Work that outlives its answer may go on for so long in a copy that was replaced. */
const DRAIN_MILLISECONDS = 3_000;

/** One process that runs one version of one function. */
export type Copy = {
  port: number;
  pid: number;
  /** Resolves when the process is gone, whoever ended it. */
  ended: Promise<void>;
  /** Lets its work end, then the process. */
  drain(): Promise<void>;
  stop(): Promise<void>;
};

const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function isListening(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

/**
 * Boots an unpacked version on the functions' Deno: it may read its own folder and what runs it,
 * and has nothing else of ours.
 * @param runtime folder with serve_function.ts, outside any checkout
 * @returns null when it ended, or didn't listen, before its time was up
 */
export async function bootCopy(
  { slug, bundle, deno, runtime, env, log, registry }: {
    slug: string;
    bundle: Bundle;
    deno: string;
    runtime: string;
    env: Record<string, string>;
    log: Log;
    registry: ProcessRegistry;
  },
): Promise<Copy | null> {
  const port = findFreePort();
  const child = new Deno.Command(deno, {
    args: [
      ["run", "--quiet", "--no-prompt", "--cached-only"],
      configArguments(bundle.folder, bundle.importMap),
      ["--allow-net", "--allow-env", "--allow-sys=hostname"],
      [`--allow-read=${bundle.folder},${runtime}`],
      [`--v8-flags=--max-old-space-size=${MEMORY_MEGABYTES}`],
      [join(runtime, "serve_function.ts"), String(port)],
      [pathToFileURL(join(bundle.folder, bundle.entrypoint)).href],
    ].flat(),
    env: { ...denoEnvironment(), ...env },
    clearEnv: true,
    cwd: bundle.folder,
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  await registry.add(slug, child.pid);
  const output = Promise.all([
    eachLine(child.stdout, (line) => log.write(line)),
    eachLine(child.stderr, (line) => log.write(line)),
  ]);
  let isRunning = true;
  const ended = child.status.then(async () => {
    isRunning = false;
    await output;
    await registry.remove(child.pid);
  });
  const stop = async () => {
    if (isRunning) killQuietly(child.pid, "SIGKILL");
    await ended;
  };
  const deadline = performance.now() + BOOT_LIMIT_MILLISECONDS;
  while (isRunning && performance.now() < deadline) {
    if (await isListening(port)) {
      const drain = async () => {
        await Promise.race([ended, pause(DRAIN_MILLISECONDS)]);
        await stop();
      };
      return { port, pid: child.pid, ended, drain, stop };
    }
    await pause(POLL_MILLISECONDS);
  }
  await stop();
  return null;
}

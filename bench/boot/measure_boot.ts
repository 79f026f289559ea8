import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { findFreePort } from "../../scripts/local/find_free_port.ts";
import { configArguments } from "../../scripts/local/management/bundle_upload.ts";
import { denoEnvironment } from "../../scripts/local/start_functions.ts";

export type Candidate = {
  name: string;
  /** The path that is asked first. */
  path: string;
  folder: string;
  entrypoint: string;
  importMap: string | undefined;
  env: Record<string, string>;
};

const LIMIT_MILLISECONDS = 10_000;

/** Milliseconds from the start of a process to its first answer. */
export async function measureBoot(
  { name, path, folder, entrypoint, importMap, env }: Candidate,
  { deno, runtime }: { deno: string; runtime: string },
): Promise<number> {
  const port = findFreePort();
  const began = performance.now();
  const child = new Deno.Command(deno, {
    args: [
      ["run", "--quiet", "--no-prompt", "--cached-only", "--allow-all"],
      configArguments(folder, importMap),
      [join(runtime, "serve_function.ts"), String(port)],
      [pathToFileURL(join(folder, entrypoint)).href],
    ].flat(),
    cwd: folder,
    env: { ...denoEnvironment(), ...env },
    clearEnv: true,
    stdin: "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    while (performance.now() - began < LIMIT_MILLISECONDS) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      const milliseconds = performance.now() - began;
      await answer?.body?.cancel();
      if (answer?.ok === true) return milliseconds;
      if (answer !== undefined) {
        throw new Error(`Cannot boot "${name}": ${answer.status}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    throw new Error(
      `Cannot boot "${name}": no answer in ${LIMIT_MILLISECONDS} ms`,
    );
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
}

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { baseEnvironment } from "./base_environment.ts";
import { findFreePort } from "./find_free_port.ts";
import { StackError } from "./stack_error.ts";
import { FUNCTIONS_FOLDER, REPOSITORY } from "./repository.ts";
import { type SupervisedProcess, superviseProcess, type Supervision } from "./supervise_process.ts";

/** The platform's limit. */
const MEMORY_MEGABYTES = 256;

export type RunningFunction = { name: string; port: number; process: SupervisedProcess };

/** Every folder with an `index.ts`; names that begin with an underscore are shared code. */
export async function listFunctions(folder: string = FUNCTIONS_FOLDER): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory || name.startsWith("_") || name.startsWith(".")) continue;
    const entry = await Deno.stat(join(folder, name, "index.ts")).catch(() => undefined);
    if (entry !== undefined) names.push(name);
  }
  return names.sort();
}

/** What the functions' Deno needs in its environment, besides a function's own variables. */
export function denoEnvironment(): Record<string, string> {
  return {
    ...baseEnvironment(),
    DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "system,mozilla",
    // The tools' package.json above the functions is none of theirs.
    DENO_NO_PACKAGE_JSON: "1",
  };
}

/** Downloads what the functions import, so that their processes start without the network. */
export async function cacheFunctions(
  { deno, names, folder = FUNCTIONS_FOLDER }: { deno: string; names: string[]; folder?: string },
): Promise<void> {
  for (const name of names) {
    const { success, stderr } = await new Deno.Command(deno, {
      args: ["cache", "--quiet", "--config", "deno.json", "index.ts"],
      cwd: join(folder, name),
      env: denoEnvironment(),
      stdout: "null",
      stderr: "piped",
    }).output();
    if (success) continue;
    const reason = new TextDecoder().decode(stderr).trim().replace(/\s+/g, " ");
    throw new StackError(`Cannot load function "${name}": ${reason}`);
  }
}

/** Starts one function in its own process, bound to its own port of 127.0.0.1. */
export function startFunction(
  { name, deno, env, supervision, folder = FUNCTIONS_FOLDER }: {
    name: string;
    deno: string;
    env: Record<string, string>;
    supervision: Supervision;
    folder?: string;
  },
): RunningFunction {
  const port = findFreePort();
  const wrapper = join(REPOSITORY, "scripts", "local");
  const process = superviseProcess({
    name,
    command: deno,
    args: [
      ["run", "--quiet", "--no-prompt", "--cached-only", "--config", "deno.json"],
      // As on the platform; the host's name is all that it tells of the system.
      ["--allow-net", "--allow-env", "--allow-sys=hostname", `--allow-read=${folder},${wrapper}`],
      [`--v8-flags=--max-old-space-size=${MEMORY_MEGABYTES}`],
      [join(wrapper, "serve_function.ts"), String(port)],
      [pathToFileURL(join(folder, name, "index.ts")).href],
    ].flat(),
    env: { ...denoEnvironment(), ...env },
    cwd: join(folder, name),
    async isReady() {
      const response = await fetch(`http://127.0.0.1:${port}/${name}/health?live=1`, {
        signal: AbortSignal.timeout(1_000),
      });
      await response.body?.cancel();
      return response.status === 200;
    },
  }, supervision);
  return { name, port, process };
}

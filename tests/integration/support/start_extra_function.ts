import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createKeys } from "../../../scripts/local/create_keys.ts";
import { findFunctionDeno } from "../../../scripts/local/find_binary.ts";
import { findFreePort } from "../../../scripts/local/find_free_port.ts";
import { functionEnvironment } from "../../../scripts/local/function_environment.ts";
import { FUNCTIONS_FOLDER, REPOSITORY } from "../../../scripts/local/repository.ts";
import { denoEnvironment } from "../../../scripts/local/start_functions.ts";
import { readStack } from "../../support/read_stack.ts";
import { waitUntil } from "./workspace.ts";

export type ExtraFunction = AsyncDisposable & {
  /** The function's own address: `<url>/health`. */
  url: string;
  /** What it wrote to standard output and error so far. */
  readLog(): string;
};

/** A function of the stack in one more process, with other variables than the stack's. */
export async function startExtraFunction(
  name: string,
  overrides: Record<string, string>,
): Promise<ExtraFunction> {
  const stack = readStack();
  const keys = await createKeys(stack.state_folder);
  const deno = await findFunctionDeno();
  const port = findFreePort();
  const wrapper = join(REPOSITORY, "scripts", "local");
  const process = new Deno.Command(deno.path, {
    args: [
      ["run", "--quiet", "--no-prompt", "--cached-only", "--config", "deno.json"],
      [
        "--allow-net",
        "--allow-env",
        "--allow-sys=hostname",
        `--allow-read=${FUNCTIONS_FOLDER},${wrapper}`,
      ],
      [join(wrapper, "serve_function.ts"), String(port)],
      [pathToFileURL(join(FUNCTIONS_FOLDER, name, "index.ts")).href],
    ].flat(),
    cwd: join(FUNCTIONS_FOLDER, name),
    clearEnv: true,
    env: {
      ...denoEnvironment(),
      ...functionEnvironment({
        url: stack.url,
        keys,
        secretKey: stack.secret_key,
        publishableKey: stack.publishable_key,
        ownsSigningKey: true,
        simulators: stack.simulators,
        overrides,
      }),
    },
    // It lives as long as somebody holds its standard input open.
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const chunks: string[] = [];
  const reading = [process.stdout, process.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) chunks.push(text);
  });
  const url = `http://127.0.0.1:${port}/${name}`;
  const stop = async () => {
    await process.stdin.close();
    await Promise.all([process.status, ...reading]);
  };
  try {
    await waitUntil(`"${name}" alive`, async () => {
      const answer = await fetch(`${url}/health?live=1`).catch(() => null);
      await answer?.body?.cancel();
      return answer?.ok === true;
    });
  } catch (error) {
    await stop();
    throw new Error(`Cannot start "${name}": ${chunks.join("")}`, { cause: error });
  }
  return { url, readLog: () => chunks.join(""), [Symbol.asyncDispose]: stop };
}

import { printLine, writeBytes } from "../print_line.ts";
import { REPOSITORY } from "../repository.ts";
import { countResults, type Counts } from "./count_results.ts";

/** One runner of checks or tests, and how its result is read. */
export type Check = {
  name: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: Record<string, string>;
  summary: "deno" | "tap" | "none";
};

async function collect(
  stream: ReadableStream<Uint8Array>,
  write: (chunk: Uint8Array) => void,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    write(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/**
 * Runs a check and says how it went in one line.
 * @param show "stream" copies its output as it comes; "failure" prints it only when it fails
 */
export async function runCheck(
  check: Check,
  { show, signal }: { show: "stream" | "failure"; signal?: AbortSignal },
): Promise<Counts> {
  const startedAt = performance.now();
  const child = new Deno.Command(check.command, {
    args: check.args,
    cwd: check.cwd ?? REPOSITORY,
    env: { RUST_BACKTRACE: "0", ...check.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    ...(signal === undefined ? {} : { signal }),
  }).spawn();
  const chunks: Uint8Array[] = [];
  const write = (chunk: Uint8Array) => {
    if (show === "stream") writeBytes(chunk);
    else chunks.push(chunk);
  };
  const [output, , { success }] = await Promise.all([
    collect(child.stdout, write),
    collect(child.stderr, write),
    child.status,
  ]);
  const counts = countResults(output, { success, summary: check.summary });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  if (counts.failed > 0) { for (const chunk of chunks) writeBytes(chunk); }
  const left = counts.skipped.length === 0 ? "" : ` ${counts.skipped.length} skipped,`;
  const tests = check.summary === "none" ? "" : ` ${counts.passed} passed,${left}`;
  printLine(`${counts.failed === 0 ? "ok    " : "FAILED"} ${check.name}:${tests} ${seconds} s`);
  return counts;
}

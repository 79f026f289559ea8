import { join } from "node:path";
import { printLine } from "./print_line.ts";

/** Where a process's lines go: always to its file, in `dev` also to the terminal with its name. */
export type Log = {
  path: string; /** The last line that names an error, else the last one. */
  reason(): string;
  write(line: string): void;
  close(): void;
};

export function logPath(stateFolder: string, name: string): string {
  return join(stateFolder, "logs", `${name}.log`);
}

export function openLog(
  stateFolder: string,
  name: string,
  { echo }: { echo: boolean },
): Log {
  const path = logPath(stateFolder, name);
  Deno.mkdirSync(join(stateFolder, "logs"), { recursive: true });
  const file = Deno.openSync(path, { create: true, append: true });
  const encoder = new TextEncoder();
  const prefix = `${name.padEnd(16)} | `;
  let lastLines: string[] = [];
  return {
    path,
    reason: () => lastLines.findLast((line) => /error|fatal/i.test(line)) ?? lastLines.at(-1) ?? "",
    write(line) {
      file.writeSync(encoder.encode(line + "\n"));
      if (line.trim() !== "") lastLines = [...lastLines.slice(-19), line.trim()];
      if (echo) printLine(prefix + line);
    },
    close: () => file.close(),
  };
}

/** Hands over a process's output line by line; a last line without an end counts. */
export async function eachLine(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  }
  if (rest !== "") take(rest);
}

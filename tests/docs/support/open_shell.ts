import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";

export type Background = {
  /** Everything printed so far. */
  text(): string;
  /** Resolves to what a line that is printed matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
};

export type Shell = {
  /** Runs a script as one would type it; the folder it ends in is the next one's. */
  run(script: string): Promise<{ code: number; output: string }>;
  start(script: string): Background;
  setVariables(variables: Record<string, string>): void;
};

/** For what never ends, not for a slow machine: the longest starts a stack and releases to it. */
const LIMIT_MILLISECONDS = 300_000;

/** A terminal: bash, stopping at the first command that fails. */
export function openShell({ folder, path }: { folder: string; path: string }): Shell {
  const place = join(folder, "shell-folder");
  const variables: Record<string, string> = {};
  Deno.writeTextFileSync(place, folder);

  const describe = () => ({
    cwd: Deno.readTextFileSync(place).trim(),
    env: {
      ...Deno.env.toObject(),
      ...variables,
      PATH: `${path}:${variables["PATH"] ?? Deno.env.get("PATH")}`,
      NO_COLOR: "1",
    },
  });

  return {
    setVariables: (more) => void Object.assign(variables, more),
    async run(script) {
      const child = new Deno.Command("bash", {
        args: ["-euo", "pipefail", "-c", `${script}\npwd > '${place}'`],
        ...describe(),
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MILLISECONDS);
      const { code, stdout, stderr } = await child.output().finally(() => clearTimeout(timer));
      const decoder = new TextDecoder();
      return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
    },
    start(script) {
      // In a group of its own, which gets the signal as a terminal's Ctrl-C would give it.
      // Killed, the test can't end it: whoever watches does.
      const watch = `while kill -0 ${Deno.pid}; do sleep 1; done; kill -INT 0`;
      const watched = `( ${watch} ) </dev/null >/dev/null 2>&1 &\n${script}`;
      const child = spawn("bash", ["-euo", "pipefail", "-c", watched], {
        ...describe(),
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const signal = (name: "SIGINT" | "SIGKILL") => {
        try {
          process.kill(-(child.pid ?? 0), name);
        } catch {
          // It has ended.
        }
      };
      let text = "";
      let waiting: (() => void)[] = [];
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
          for (const wake of waiting.splice(0)) wake();
        });
      }
      let hasEnded = false;
      const ended = new Promise<void>((resolve) =>
        child.on("close", () => {
          hasEnded = true;
          for (const wake of waiting.splice(0)) wake();
          resolve();
        })
      );
      return {
        text: () => text,
        async printed(pattern) {
          const deadline = Date.now() + LIMIT_MILLISECONDS;
          for (;;) {
            const found = pattern.exec(text);
            if (found !== null) return found;
            if (hasEnded || Date.now() > deadline) {
              throw new Error(`"${script.trim()}" never printed ${pattern}: ${text.slice(-2_000)}`);
            }
            await new Promise<void>((resolve) => {
              const timer = setTimeout(resolve, 1_000);
              waiting.push(() => {
                clearTimeout(timer);
                resolve();
              });
            });
          }
        },
        async stop() {
          if (!hasEnded) signal("SIGINT");
          const timer = setTimeout(() => signal("SIGKILL"), 20_000);
          await ended.finally(() => clearTimeout(timer));
          waiting = [];
        },
      };
    },
  };
}

import { join } from "node:path";

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

const LIMIT_MILLISECONDS = 120_000;

/** A terminal: bash, stopping at the first command that fails. */
export function openShell({ folder, path }: { folder: string; path: string }): Shell {
  const place = join(folder, "shell-folder");
  const variables: Record<string, string> = {};
  Deno.writeTextFileSync(place, folder);

  const command = (script: string) =>
    new Deno.Command("bash", {
      args: ["-euo", "pipefail", "-c", script],
      cwd: Deno.readTextFileSync(place).trim(),
      env: { ...variables, PATH: `${path}:${Deno.env.get("PATH")}`, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });

  return {
    setVariables: (more) => void Object.assign(variables, more),
    async run(script) {
      const child = command(`${script}\npwd > '${place}'`).spawn();
      const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT_MILLISECONDS);
      const { code, stdout, stderr } = await child.output().finally(() => clearTimeout(timer));
      const decoder = new TextDecoder();
      return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
    },
    start(script) {
      // Exec: the signal that ends it goes to the command, not to a shell before it.
      const child = command(`exec ${script.trim().replace(/\s+#.*$/, "")}`).spawn();
      let text = "";
      let waiting: (() => void)[] = [];
      const read = async (stream: ReadableStream<Uint8Array>) => {
        const decoder = new TextDecoder();
        for await (const chunk of stream) {
          text += decoder.decode(chunk, { stream: true });
          for (const wake of waiting.splice(0)) wake();
        }
      };
      let hasEnded = false;
      const ended = Promise.all([read(child.stdout), read(child.stderr), child.status])
        .then(() => {
          hasEnded = true;
          for (const wake of waiting.splice(0)) wake();
        });
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
          if (!hasEnded) child.kill("SIGINT");
          const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
          await ended.finally(() => clearTimeout(timer));
          waiting = [];
        },
      };
    },
  };
}

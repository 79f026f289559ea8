import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { SimulatedProvider } from "./provider.ts";

/** Changes are written together, this long after the first of them. */
const DELAY_MILLISECONDS = 250;

/** Keeps what the providers store in one JSON file, readable by its owner alone. */
export function createStateFile(
  path: string,
  providers: Record<string, SimulatedProvider>,
) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let writing: Promise<void> = Promise.resolve();

  const write = async () => {
    const snapshot = Object.fromEntries(
      Object.entries(providers).map(([name, provider]) => [name, provider.snapshot()]),
    );
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, JSON.stringify(snapshot), { mode: 0o600 });
    await rename(`${path}.new`, path);
  };

  return {
    /** Throws when the file exists but can't be understood. */
    async load(): Promise<void> {
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return null;
        throw error;
      });
      if (text === null) return;
      try {
        const snapshot = JSON.parse(text) as Record<string, unknown>;
        for (const [name, provider] of Object.entries(providers)) {
          if (snapshot[name] !== undefined) provider.restore(snapshot[name]);
        }
      } catch (cause) {
        throw new Error(`Cannot read simulator state "${path}": ${(cause as Error).message}`, {
          cause,
        });
      }
    },
    changed(): void {
      timer ??= setTimeout(() => {
        timer = null;
        writing = writing.then(write);
      }, DELAY_MILLISECONDS);
    },
    async save(): Promise<void> {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      writing = writing.then(write);
      await writing;
    },
  };
}

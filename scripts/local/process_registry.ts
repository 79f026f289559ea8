import { join } from "node:path";
import { readProcessIdentity } from "./read_process_identity.ts";
import { StackError } from "./stack_error.ts";
import { writeFileAtomically } from "./write_file_atomically.ts";

type Entry = { name: string; pid: number; identity: string };

/** Every process of a stack, in `<state>/processes.json`, so that the next start can end leftovers. */
export type ProcessRegistry = {
  path: string;
  add(name: string, pid: number): Promise<void>;
  remove(pid: number): Promise<void>;
  close(): Promise<void>;
};

export function processesPath(stateFolder: string): string {
  return join(stateFolder, "processes.json");
}

async function readEntries(path: string): Promise<Entry[]> {
  const text = await Deno.readTextFile(path).catch(() => "[]");
  try {
    return JSON.parse(text) as Entry[];
  } catch {
    return [];
  }
}

/** Those of the list that still run and are the very processes that were listed. */
async function findLiving(entries: Entry[]): Promise<Entry[]> {
  const identities = await Promise.all(entries.map((entry) => readProcessIdentity(entry.pid)));
  return entries.filter((entry, index) => identities[index] === entry.identity);
}

export async function openProcessRegistry(stateFolder: string): Promise<ProcessRegistry> {
  const path = processesPath(stateFolder);
  const entries = new Map<number, Entry>();
  let writing: Promise<void> = Promise.resolve();
  const write = () =>
    writing = writing.then(() =>
      writeFileAtomically(path, JSON.stringify([...entries.values()], null, 2))
    );
  const registry: ProcessRegistry = {
    path,
    async add(name, pid) {
      const identity = await readProcessIdentity(pid);
      if (identity === undefined) return;
      entries.set(pid, { name, pid, identity });
      await write();
    },
    async remove(pid) {
      if (entries.delete(pid)) await write();
    },
    async close() {
      await writing;
      await Deno.remove(path).catch(() => {});
    },
  };
  await registry.add("stack", Deno.pid);
  return registry;
}

/** Ends what still runs of a stack whose own process is gone; returns the names of those ended. */
export async function endListedProcesses(path: string): Promise<string[]> {
  const entries = await readEntries(path);
  let living = (await findLiving(entries)).filter((entry) => entry.pid !== Deno.pid);
  const names = living.map((entry) => entry.name);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (const { pid, name } of living) killQuietly(pid, name === "postgres" ? "SIGINT" : signal);
    for (let wait = 0; wait < 50 && living.length > 0; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      living = await findLiving(living);
    }
  }
  for (const { pid } of living) killQuietly(pid, "SIGKILL");
  return names;
}

/**
 * Ends what a killed stack left behind in this state folder.
 * Throws StackError when the stack there is alive: two stacks never share a folder.
 */
export async function endStaleProcesses(stateFolder: string): Promise<string[]> {
  const path = processesPath(stateFolder);
  const owner = (await findLiving(await readEntries(path))).find(({ name }) => name === "stack");
  if (owner !== undefined) {
    throw new StackError(
      `Cannot start a second stack in "${stateFolder}": process ${owner.pid} runs one there; end it first`,
    );
  }
  const names = await endListedProcesses(path);
  await Deno.remove(path).catch(() => {});
  return names;
}

/** Sends a signal to a process that may be gone already. */
export function killQuietly(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    const isGone = error instanceof Deno.errors.NotFound || error instanceof TypeError ||
      (error instanceof Error && error.message.includes("ESRCH"));
    if (!isGone) throw error;
  }
}

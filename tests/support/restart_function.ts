import { readStack } from "./read_stack.ts";

/** For what never comes back, not for a slow machine. */
const LIMIT_MILLISECONDS = 60_000;

function readFunction(name: string): { port: number; pid: number } {
  const found = readStack().functions[name];
  if (found === undefined) throw new Error(`Cannot find function "${name}" in the stack`);
  return found;
}

/** Ends a function's process with SIGKILL: no handler of its own runs. Throws where there is none. */
export function killFunction(name: string): { pid: number } {
  const { pid } = readFunction(name);
  // 0 while it doesn't run, which as a process's id means the tests' own group.
  if (pid === 0) throw new Error(`Cannot kill "${name}": it does not run`);
  Deno.kill(pid, "SIGKILL");
  return { pid };
}

/** Waits until the supervisor has the function running again in a process other than `pid`. */
export async function waitForFunction(name: string, { otherThan }: { otherThan: number }) {
  const deadline = performance.now() + LIMIT_MILLISECONDS;
  while (performance.now() < deadline) {
    const { port, pid } = readFunction(name);
    if (pid !== 0 && pid !== otherThan) {
      const response = await fetch(`http://127.0.0.1:${port}/${name}/health?live=1`)
        .catch(() => undefined);
      await response?.body?.cancel();
      if (response?.ok === true) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Cannot restart "${name}": not healthy after ${LIMIT_MILLISECONDS} ms`);
}

/** Ends a function's process with SIGKILL and waits until its successor is healthy. */
export async function restartFunction(name: string): Promise<void> {
  const { pid } = killFunction(name);
  await waitForFunction(name, { otherThan: pid });
}

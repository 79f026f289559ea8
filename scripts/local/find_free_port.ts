import { StackError } from "./stack_error.ts";

/** Below the range that systems give to outgoing connections, so that a restart finds it free. */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;

export function isPortFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.PermissionDenied) {
      return false;
    }
    throw error;
  }
}

const given = new Set<number>();

/** A port on 127.0.0.1 that nobody listens on and that this process has not given out before. */
export function findFreePort(): number {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (given.has(port) || !isPortFree(port)) continue;
    given.add(port);
    return port;
  }
  throw new StackError(`Cannot find a free port between ${FIRST_PORT} and ${LAST_PORT}`);
}

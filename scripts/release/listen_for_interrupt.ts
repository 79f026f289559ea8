import { printError } from "../local/print_line.ts";

/** As a shell tells that a process was interrupted. */
const INTERRUPTED = 130;

/**
 * The first Ctrl-C, or SIGTERM, gives the signal: what runs ends by itself, and tells. Another one ends the
 * process at once, which leaves no private folder behind.
 *
 * @param words what is told at the first
 */
export function listenForInterrupt(words: string): AbortSignal {
  const interrupt = new AbortController();
  const stop = () => {
    if (interrupt.signal.aborted) Deno.exit(INTERRUPTED);
    printError(words);
    interrupt.abort();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(name, stop);
  return interrupt.signal;
}

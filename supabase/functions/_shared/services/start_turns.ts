import type { Logger, WaitUntil } from "../ports.ts";
import type { TurnKey } from "../ports_messaging.ts";

export type TurnStarterOptions = {
  run: (key: TurnKey) => Promise<void>;
  waitUntil: WaitUntil;
  logger: Logger;
  /** Turns at a time in this isolate. */
  maxConcurrent: number;
  /** More than that wait for the worker: their messages are stored. */
  maxWaiting?: number;
};

/**
 * Starts turns beside the requests that brought their messages, so many at a time, each contact once
 * in the queue. Nothing here is durable: what is dropped or dies is found by the worker.
 */
export function createTurnStarter(
  { run, waitUntil, logger, maxConcurrent, maxWaiting = 1_000 }: TurnStarterOptions,
): (keys: readonly TurnKey[]) => void {
  const waiting = new Map<string, TurnKey>();
  let running = 0;

  async function work(): Promise<void> {
    for (;;) {
      const [next] = waiting;
      if (next === undefined) return;
      const [name, key] = next;
      waiting.delete(name);
      try {
        await run(key);
      } catch (error) {
        logger.error("A turn was interrupted: the worker will take it", {
          ...key,
          error,
        });
      }
    }
  }

  return (keys) => {
    for (const key of keys) {
      if (waiting.size >= maxWaiting) break;
      waiting.set(`${key.org_id}:${key.contact_id}`, key);
    }
    while (running < maxConcurrent && running < waiting.size) {
      running += 1;
      waitUntil(work().finally(() => running -= 1));
    }
  };
}

import type { Logger, WaitUntil } from "../ports.ts";

/**
 * Forwards beside the requests that brought the deliveries, one round at a time in this isolate: what
 * comes during a round is forwarded by the next. Nothing here is durable: what dies or fails is found
 * by the worker.
 */
export function createForwardStarter(
  { run, waitUntil, logger }: {
    run: () => Promise<unknown>;
    waitUntil: WaitUntil;
    logger: Logger;
  },
): () => void {
  let isWanted = false;
  let isRunning = false;

  async function work(): Promise<void> {
    isRunning = true;
    try {
      while (isWanted) {
        isWanted = false;
        await run();
      }
    } catch (error) {
      logger.error("Forwarding was interrupted: the worker will go on", { error });
    } finally {
      isRunning = false;
    }
  }

  return () => {
    isWanted = true;
    if (!isRunning) waitUntil(work());
  };
}

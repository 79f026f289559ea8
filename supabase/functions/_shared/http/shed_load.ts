import { AppError } from "../errors.ts";

export type LoadLimits<Kind extends string> = { [K in Kind]: number };

export type LoadShedder<Kind extends string> = {
  /**
   * Lets a request in and answers how to let it out; calling that twice does nothing.
   * @param bytes what it will hold in memory, as far as that is known
   * @throws AppError `unavailable` with `retryAfterSeconds`, before anything was read
   */
  enter(kind: Kind, bytes?: number): () => void;
  inFlight(): number;
};

const RETRY_AFTER_SECONDS = 2;
/** A process has 256 MB; bodies are held a few times over while they are read, parsed and sent on. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Refuses early what couldn't be answered in time. All kinds share one count, each is refused from
 * its own limit on: whoever delivers again has the lower one, whoever doesn't is shed last.
 */
export function createLoadShedder<const Kind extends string>(
  { limits, maxBytes = MAX_BYTES }: { limits: LoadLimits<Kind>; maxBytes?: number },
): LoadShedder<Kind> {
  const highest = Math.max(...Object.values<number>(limits));
  let requests = 0;
  let held = 0;
  return {
    enter(kind, bytes = 0) {
      const limit = limits[kind];
      // Bytes are shed in the same order: the kind that is shed last may use all of them.
      const byteLimit = maxBytes * limit / highest;
      if (requests >= limit || (held > 0 && held + bytes > byteLimit)) {
        throw new AppError(
          "unavailable",
          "Cannot take the request: too much is being done already",
          {
            retryAfterSeconds: RETRY_AFTER_SECONDS,
          },
        );
      }
      requests += 1;
      held += bytes;
      let inside = true;
      return () => {
        if (!inside) return;
        inside = false;
        requests -= 1;
        held -= bytes;
      };
    },
    inFlight: () => requests,
  };
}

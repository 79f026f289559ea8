import type { PGlite } from "@electric-sql/pglite";

const SYNC = 0x53;
const SIMPLE_QUERY = 0x51;
const TERMINATE = 0x58;

/** The part of PGlite that its socket server uses. */
type WireDatabase = Pick<
  PGlite,
  "waitReady" | "runExclusive" | "execProtocolRawStream" | "isInTransaction" | "exec"
>;

export type SharedDatabase = {
  /** For the socket server. */
  wire: WireDatabase;
  /** Runs when the wire client is between two transactions, and keeps it waiting meanwhile. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>;
};

/** Whether a client that sent this message may have more to say before its statement is over. */
export function leavesStatementOpen(message: Uint8Array): boolean {
  const type = message[0];
  // A start-up packet has no type: it begins with its length, whose first byte is 0.
  return type !== SYNC && type !== SIMPLE_QUERY && type !== TERMINATE && type !== 0;
}

/**
 * PGlite is one session. The wire client's statements come as several messages, its transactions
 * as several statements; our own queries may only run between two of its transactions, else they
 * would run with its role or destroy its unnamed statement.
 */
export function shareDatabase(db: PGlite): SharedDatabase {
  let isWireBusy = false;
  let last: Promise<unknown> = Promise.resolve();
  let waiting: (() => Promise<void>)[] = [];

  function serialize<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  }

  async function runWaiting(): Promise<void> {
    const works = waiting;
    waiting = [];
    for (const work of works) await work();
  }

  const wire: WireDatabase = {
    waitReady: db.waitReady,
    isInTransaction: () => db.isInTransaction(),
    exec: (...args) =>
      serialize(async () => {
        const results = await db.exec(...args);
        isWireBusy = db.isInTransaction();
        if (!isWireBusy) await runWaiting();
        return results;
      }),
    runExclusive: (work) => work(),
    execProtocolRawStream: (message, options) =>
      serialize(async () => {
        const result = await db.runExclusive(() => db.execProtocolRawStream(message, options));
        isWireBusy = leavesStatementOpen(message) || db.isInTransaction();
        if (!isWireBusy) await runWaiting();
        return result;
      }),
  };

  return {
    wire,
    exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      const run = () => work().then(resolve, reject);
      waiting.push(run);
      void serialize(async () => {
        if (!isWireBusy) await runWaiting();
      });
      return promise;
    },
  };
}

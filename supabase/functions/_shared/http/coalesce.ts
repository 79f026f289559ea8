export type CoalesceOptions<Item, Result> = {
  /** Handles items together; its result is every item's. Throwing fails the batch. */
  handle: (items: Item[]) => Promise<Result>;
  /** What an item adds to its batch. */
  measure: (item: Item) => { bytes: number; updates: number };
  /** Batches being handled at a time; meanwhile arrivals wait and go together. */
  maxInFlight?: number;
  maxItems?: number;
  maxBytes?: number;
  maxUpdates?: number;
  /** Whether the items of a failed batch are worth handling one by one. Not when nobody is there. */
  isWorthSplitting?: (error: unknown) => boolean;
};

export type Coalescer<Item, Result> = {
  /** Resolves with the result of the batch that the item went in, and the item's place in it. */
  submit(item: Item): Promise<{ result: Result; place: number }>;
  /** Items submitted and not settled. */
  pending(): number;
};

type Entry<Item, Result> = {
  item: Item;
  resolve: (settled: { result: Result; place: number }) => void;
  reject: (error: unknown) => void;
};

/**
 * Turns arrivals that meet others in flight into batches, so that one commit serves many. A lone item
 * goes at once. A batch holds at most `maxItems` items, `maxBytes` bytes and `maxUpdates` updates; an
 * item that is larger by itself is a batch of its own. First come, first served. A batch that fails
 * is handled again one by one, so that one bad item can't fail its neighbours.
 */
export function createCoalescer<Item, Result>(
  options: CoalesceOptions<Item, Result>,
): Coalescer<Item, Result> {
  const {
    handle,
    measure,
    maxInFlight = 2,
    maxItems = 100,
    maxBytes = 4 * 1024 * 1024,
    maxUpdates = 1_000,
    isWorthSplitting = () => true,
  } = options;
  let waiting: Entry<Item, Result>[] = [];
  let inFlight = 0;
  let unsettled = 0;

  function takeBatch(): Entry<Item, Result>[] {
    let bytes = 0;
    let updates = 0;
    let count = 0;
    while (count < waiting.length && count < maxItems) {
      const size = measure(waiting[count]!.item);
      bytes += size.bytes;
      updates += size.updates;
      if (count > 0 && (bytes > maxBytes || updates > maxUpdates)) break;
      count += 1;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  }

  function dispatch(): void {
    while (inFlight < maxInFlight && waiting.length > 0) {
      const batch = takeBatch();
      inFlight += 1;
      settle(batch).finally(() => {
        inFlight -= 1;
        unsettled -= batch.length;
        dispatch();
      });
    }
  }

  async function settle(batch: Entry<Item, Result>[]): Promise<void> {
    try {
      const result = await handle(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, place) => resolve({ result, place }));
    } catch (error) {
      if (batch.length === 1 || !isWorthSplitting(error)) {
        for (const { reject } of batch) reject(error);
      } else await settleOneByOne(batch);
    }
  }

  async function settleOneByOne(batch: Entry<Item, Result>[]): Promise<void> {
    let gone: { error: unknown } | null = null;
    for (const { item, resolve, reject } of batch) {
      if (gone !== null) {
        reject(gone.error);
        continue;
      }
      try {
        resolve({ result: await handle([item]), place: 0 });
      } catch (error) {
        reject(error);
        // Whoever handles them has gone meanwhile: the rest need not find out one after another.
        if (!isWorthSplitting(error)) gone = { error };
      }
    }
  }

  return {
    submit(item) {
      return new Promise((resolve, reject) => {
        unsettled += 1;
        waiting.push({ item, resolve, reject });
        dispatch();
      });
    },
    pending: () => unsettled,
  };
}

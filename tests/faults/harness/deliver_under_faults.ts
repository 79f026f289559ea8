export type TestDelivery = { wamid: string; from: string };

/** An ingest under test: how to deliver to it, how to break it, and what it has to show for it. */
export type Target = {
  /** True when it was acknowledged. A refusal, a broken connection and no answer are all false. */
  deliver(message: TestDelivery): Promise<boolean>;
  /** Breaks something; resolves when it is broken, not when it is mended. */
  breakSomething(nth: number): Promise<void>;
  /** How often each message took effect. */
  countEffects(): Promise<Map<string, number>>;
};

export type Load = {
  messages: number;
  contacts: number;
  /** Fewest and most deliveries of a message. Once: a loss isn't made good by the next copy. */
  copies: [number, number];
  /** Deliveries at a time. */
  concurrency: number;
  /** Spread evenly over the deliveries. */
  faults: number;
  /** Everything is acknowledged by then, or the run fails. */
  limitMilliseconds: number;
};

export type Findings = {
  messages: number;
  deliveries: number;
  refused: number;
  faults: number;
  /** Acknowledged, and not there. */
  lost: string[];
  /** There more than once. */
  doubled: string[];
  seconds: number;
};

/**
 * Delivers every message several times, shuffled, and again whenever it was not acknowledged, as
 * Meta does, while things break. What was acknowledged has to be there once.
 */
export async function deliverUnderFaults(target: Target, load: Load): Promise<Findings> {
  const waiting = makeDeliveries(load);
  const deliveries = waiting.length;
  const acknowledged = new Set<string>();
  const began = performance.now();
  let taken = 0;
  let refused = 0;
  let faults = 0;
  let breaking: Promise<void> = Promise.resolve();

  async function work(): Promise<void> {
    for (;;) {
      const message = waiting.pop();
      if (message === undefined) return;
      if (performance.now() - began > load.limitMilliseconds) {
        throw new Error(
          `Cannot deliver everything: ${waiting.length + 1} of ${deliveries} are left`,
        );
      }
      if (await target.deliver(message)) {
        acknowledged.add(message.wamid);
        taken += 1;
        if (faults < Math.floor(taken * (load.faults + 1) / deliveries) && faults < load.faults) {
          faults += 1;
          const nth = faults;
          breaking = breaking.then(() => target.breakSomething(nth));
        }
      } else {
        refused += 1;
        waiting.unshift(message);
        // Longer than a refused connection takes, so that an outage isn't a tight loop.
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
  await Promise.all(Array.from({ length: load.concurrency }, work));
  await breaking;

  const effects = await target.countEffects();
  return {
    messages: load.messages,
    deliveries,
    refused,
    faults,
    lost: [...acknowledged].filter((wamid) => !effects.has(wamid)),
    doubled: [...effects].filter(([, count]) => count > 1).map(([wamid]) => wamid),
    seconds: (performance.now() - began) / 1000,
  };
}

function makeDeliveries({ messages, contacts, copies: [fewest, most] }: Load): TestDelivery[] {
  const run = crypto.randomUUID().slice(0, 8);
  const deliveries = Array.from({ length: messages }, (_, index) => {
    const message = {
      wamid: `wamid.${run}.${index}`,
      from: String(250_700_000_000 + index % contacts),
    };
    return Array.from({ length: fewest + index % (most - fewest + 1) }, () => message);
  }).flat();
  for (let index = deliveries.length - 1; index > 0; index -= 1) {
    const other = Math.floor(Math.random() * (index + 1));
    [deliveries[index], deliveries[other]] = [deliveries[other]!, deliveries[index]!];
  }
  return deliveries;
}

export function describeFindings({ lost, doubled, ...numbers }: Findings): string {
  return JSON.stringify({
    ...numbers,
    seconds: Math.round(numbers.seconds),
    per_second: Math.round(numbers.deliveries / numbers.seconds),
    lost: lost.length,
    doubled: doubled.length,
  });
}

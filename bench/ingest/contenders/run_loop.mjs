/**
 * Calls `enqueue(n)` from so many loops at a time for some seconds and prints one line of JSON:
 * {"acknowledged": n, "warmedUp": n, "seconds": s, "p50": ms, "p99": ms}.
 */
export async function runLoop(enqueue, { concurrency, seconds }) {
  const warmedUp = 20;
  for (let warm = 0; warm < warmedUp; warm += 1) await enqueue(`warm-${warm}`);
  const latencies = [];
  const began = performance.now();
  const end = began + seconds * 1000;
  let next = 0;
  await Promise.all(Array.from({ length: concurrency }, async () => {
    while (performance.now() < end) {
      const started = performance.now();
      await enqueue(`run-${next++}`);
      latencies.push(performance.now() - started);
    }
  }));
  const took = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share) =>
    latencies[
      Math.min(latencies.length - 1, Math.floor(latencies.length * share))
    ];
  process.stdout.write(
    `${
      JSON.stringify({
        acknowledged: latencies.length,
        warmedUp,
        seconds: took,
        p50: at(0.5),
        p99: at(0.99),
      })
    }\n`,
  );
}

/** Arguments of every contender: database URL, concurrency, seconds, payload. */
export function readArguments() {
  const [url, concurrency, seconds, payload] = process.argv.slice(2);
  return {
    url,
    concurrency: Number(concurrency),
    seconds: Number(seconds),
    payload: JSON.parse(payload),
    pool: 20,
  };
}

/** `skipped` names the tests that a runner left out; each says in its name why. */
export type Counts = { passed: number; failed: number; skipped: string[] };

// deno-lint-ignore no-control-regex
const ANSI = /\x1b\[[0-9;]*m/g;
const DENO_SUMMARY = /^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/gm;
// Of files that run side by side the file's name is before the test's.
const DENO_SKIPPED = /^ *(?:\S+\.ts => ?)?(\S.*) \.\.\. ignored \(/gm;
const TAP_SUMMARY = /^(\d+) passed, (\d+) failed$/gm;

function lastMatch(output: string, pattern: RegExp): Omit<Counts, "skipped"> | undefined {
  const match = [...output.matchAll(pattern)].at(-1);
  return match && { passed: Number(match[1]), failed: Number(match[2]) };
}

/**
 * What a runner's output says it ran. A runner that failed without naming a failed test, or that
 * ended without its summary, counts as one failure: a crash never looks like success.
 */
export function countResults(
  output: string,
  { success, summary }: { success: boolean; summary: "deno" | "tap" | "none" },
): Counts {
  const skipped: string[] = [];
  if (summary === "none") {
    return success ? { passed: 1, failed: 0, skipped } : { passed: 0, failed: 1, skipped };
  }
  const text = output.replace(ANSI, "");
  if (summary === "deno") {
    skipped.push(...[...text.matchAll(DENO_SKIPPED)].map(([, name = ""]) => name));
  }
  const counts = lastMatch(text, summary === "deno" ? DENO_SUMMARY : TAP_SUMMARY);
  if (counts === undefined) return { passed: 0, failed: 1, skipped };
  if (!success && counts.failed === 0) return { ...counts, failed: 1, skipped };
  return { ...counts, skipped };
}

export function sumCounts(all: Counts[]): Counts {
  return all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: [...sum.skipped, ...skipped],
    }),
    { passed: 0, failed: 0, skipped: [] },
  );
}

/** The last lines of a run: what was left out by its name, then the counts alone on the very last. */
export function describeCounts({ passed, failed, skipped }: Counts): string[] {
  if (skipped.length === 0) return [`${passed} passed, ${failed} failed`];
  return [
    ...skipped.map((name) => `NOT TESTED ${name}`),
    `${passed} passed, ${failed} failed, ${skipped.length} skipped`,
  ];
}

export type Counts = { passed: number; failed: number };

// deno-lint-ignore no-control-regex
const ANSI = /\x1b\[[0-9;]*m/g;
const DENO_SUMMARY = /^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/gm;
const TAP_SUMMARY = /^(\d+) passed, (\d+) failed$/gm;

function lastMatch(output: string, pattern: RegExp): Counts | undefined {
  const match = [...output.replace(ANSI, "").matchAll(pattern)].at(-1);
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
  if (summary === "none") return success ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const counts = lastMatch(output, summary === "deno" ? DENO_SUMMARY : TAP_SUMMARY);
  if (counts === undefined) return { passed: 0, failed: 1 };
  if (!success && counts.failed === 0) return { ...counts, failed: 1 };
  return counts;
}

export function sumCounts(all: Counts[]): Counts {
  return all.reduce(
    (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
    { passed: 0, failed: 0 },
  );
}

/** One assertion of a test, with what pgTAP says about it when it failed. */
export type Assertion = { passed: boolean; description: string; diagnostics: string[] };

export type TapReport = {
  assertions: Assertion[];
  /** How many assertions the file says it has; null when it never says so. */
  planned: number | null;
};

/** Reads the Test Anything Protocol as pgTAP prints it; a line may hold several. */
export function parseTap(output: string[]): TapReport {
  const assertions: Assertion[] = [];
  let planned: number | null = null;
  for (const line of output.flatMap((text) => text.split("\n"))) {
    const assertion = /^(not )?ok \d+(?: - (.*))?$/.exec(line);
    const plan = /^1\.\.(\d+)$/.exec(line);
    if (assertion !== null) {
      const [, not, description] = assertion;
      assertions.push({
        passed: not === undefined || /# (?:TODO|SKIP)\b/i.test(description ?? ""),
        description: description ?? "(an assertion without a description)",
        diagnostics: [],
      });
    } else if (plan !== null) {
      planned = Number(plan[1]);
    } else if (line.startsWith("#")) {
      assertions.at(-1)?.diagnostics.push(line.replace(/^#\s?/, ""));
    }
  }
  return { assertions, planned };
}

/** What is wrong with a report as a whole, whatever its assertions say; null when nothing is. */
export function findTapFault({ assertions, planned }: TapReport): string | null {
  if (planned === null) return "it never calls plan() or finish()";
  if (planned !== assertions.length) {
    return `it planned ${planned} assertions but made ${assertions.length}`;
  }
  return assertions.length === 0 ? "it asserts nothing" : null;
}

import { readStack } from "../../tests/support/read_stack.ts";

/** Linux counts in hundredths of a second. */
const TICK_MILLISECONDS = 10;

/** Milliseconds of CPU that each part of the stack has used; null where there is no `/proc`. */
export async function readCpu(): Promise<{ [part: string]: number } | null> {
  const stack = readStack();
  const used = new Map<number, { parent: number; milliseconds: number }>();
  try {
    for await (const { name } of Deno.readDir("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const text = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => null);
      // The name in brackets may hold anything; what follows it is numbers.
      const fields = text?.slice(text.lastIndexOf(")") + 2).split(" ");
      if (fields === undefined) continue;
      used.set(Number(name), {
        parent: Number(fields[1]),
        milliseconds: (Number(fields[11]) + Number(fields[12])) * TICK_MILLISECONDS,
      });
    }
  } catch {
    return null;
  }
  const withChildren = (pid: number) =>
    [...used].reduce(
      (sum, [each, { parent, milliseconds }]) =>
        each === pid || parent === pid ? sum + milliseconds : sum,
      0,
    );
  return {
    "the function": withChildren(stack.functions["unified-webhook"]!.pid),
    ...Object.fromEntries(
      Object.entries(stack.processes).map(([name, pid]) => [name, withChildren(pid)]),
    ),
    "this client": used.get(Deno.pid)?.milliseconds ?? 0,
  };
}

/** What each part has used since, of one message. */
export function showCpu(
  before: { [part: string]: number } | null,
  after: { [part: string]: number } | null,
  messages: number,
): string {
  if (before === null || after === null) return "unknown here";
  const parts = Object.entries(after).map(([part, milliseconds]) =>
    [part, (milliseconds - (before[part] ?? 0)) / messages] as const
  ).filter(([, each]) => each > 0.05);
  const all = parts.reduce((sum, [, each]) => sum + each, 0);
  return `${all.toFixed(1)} ms: ${
    parts.map(([part, each]) => `${part} ${each.toFixed(1)}`).join(", ")
  }`;
}

import type { Block } from "./read_blocks.ts";

/** A record that goes on for longer has a quote that nobody closed; its lines are records then. */
const LONGEST_RECORD = 20_000;

/** A table of values as one block: its head is the first record, its seams are the others' starts. */
export function readRecords(text: string): Block[] {
  const starts: number[] = [];
  let from = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 34) quoted = !quoted;
    if (unit !== 10 || (quoted && at - from < LONGEST_RECORD)) continue;
    quoted = false;
    from = at + 1;
    if (from < text.length) starts.push(from);
  }
  const head = starts[0] === undefined ? null : { from: 0, to: starts[0] };
  return [{ kind: "table", from: 0, to: text.length, heading_path: [], seams: starts, head }];
}

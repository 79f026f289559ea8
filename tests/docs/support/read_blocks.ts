/** What becomes of a block when a page is tried out. */
export type BlockMark = "run" | "refused" | "background" | "manual";
export type Block = {
  language: "sh" | "sql";
  mark: BlockMark;
  /** What a block that is refused prints; empty for every other. */
  says: string;
  text: string;
  /** Of its first line, from 1. */
  line: number;
};

const MARKS: Record<string, BlockMark> = {
  "": "run",
  refused: "refused",
  background: "background",
  manual: "manual",
};

/**
 * The `sh` and `sql` blocks of a page, in their order. After the language a fence may say `manual`
 * (needs an account or a console), `refused <words>` (ends with an error that says them, on purpose) or
 * `background` (goes on until the end). Throws for any other word: a slip would keep a command from
 * being tried, and an error of any kind would pass for the one that is meant.
 */
export function readBlocks(markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split("\n");
  let open: { indent: string; block: Block | null } | null = null;
  lines.forEach((line, place) => {
    const fence = /^(\s*)```(.*)$/.exec(line);
    if (open !== null) {
      const closes: boolean = fence !== null && fence[2]?.trim() === "";
      if (!closes && open.block !== null) {
        open.block.text += `${line.replace(open.indent, "")}\n`;
      }
      if (closes) open = null;
      return;
    }
    if (fence === null) return;
    const [, indent = "", info = ""] = fence;
    const [language, ...marks] = info.trim().split(/\s+/);
    if (language !== "sh" && language !== "sql") {
      open = { indent, block: null };
      return;
    }
    const [first = "", ...words] = marks;
    const mark = MARKS[first];
    if (mark === undefined || (mark === "refused") !== (words.length > 0)) {
      throw new Error(`Cannot read the block of line ${place + 1}: "${info}" is no mark`);
    }
    const block: Block = { language, mark, says: words.join(" "), text: "", line: place + 2 };
    blocks.push(block);
    open = { indent, block };
  });
  return blocks;
}

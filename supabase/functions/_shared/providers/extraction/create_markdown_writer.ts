export type MarkdownWriter = {
  /** Ends the block before; what follows is one that begins with `prefix` (`# `, `- `, ``). */
  startBlock(prefix?: string): void;
  text(text: string): void;
  lineBreak(): void;
  /** A block as it is, line breaks included. */
  code(text: string): void;
  startTable(): void;
  startCell(): void;
  endRow(): void;
  endTable(): void;
  /** Everything that was written. */
  finish(): string;
};

type Written = { text: string; tight: boolean };

/**
 * Puts running text into Markdown's blocks: paragraphs, headings, list items and tables.
 * @param limit units of text after which `tooLong` is thrown
 */
export function createMarkdownWriter(limit: number, tooLong: () => Error): MarkdownWriter {
  const written: Written[] = [];
  let length = 0;
  let prefix = "";
  let inline: string[] = [];
  let tables = 0;
  let rows = 0;
  let cells: string[] = [];
  let inCell = false;

  const write = (text: string, tight: boolean) => {
    length += text.length;
    if (length > limit) throw tooLong();
    written.push({ text, tight });
  };
  const takeInline = () => {
    const text = inline.join("").replace(/[^\S\n]+/g, " ").replace(/ ?\n ?/g, "\n").trim();
    inline = [];
    return text;
  };
  const flush = () => {
    const text = takeInline();
    if (text !== "") write(prefix + text, /^\s*(?:-|\d+\.) $/.test(prefix));
    prefix = "";
  };
  const endCell = () => {
    if (inCell) cells.push(takeInline().replace(/\n+/g, " ").replaceAll("|", "\\|"));
    inCell = false;
  };
  const endRow = () => {
    endCell();
    const filled = cells.some((cell) => cell !== "");
    // A table of one column is layout.
    if (filled && cells.length === 1) write(cells[0]!.replaceAll("\\|", "|"), false);
    else if (filled) {
      write(`| ${cells.join(" | ")} |`, rows > 0);
      if (rows++ === 0) write(`|${"---|".repeat(cells.length)}`, true);
    }
    cells = [];
  };

  return {
    startBlock(next = "") {
      if (inCell) return void inline.push(" ");
      flush();
      prefix = next;
    },
    text: (text) => void inline.push(text.replace(/\s+/g, " ")),
    lineBreak: () => void inline.push("\n"),
    code(text) {
      if (inCell) return void inline.push(text);
      flush();
      const fence = text.includes("```") ? "~~~~" : "```";
      if (text.trim() !== "") write(`${fence}\n${text.replace(/^\n|\s+$/g, "")}\n${fence}`, false);
    },
    startTable() {
      // A table inside another one's cell is that cell's text.
      if (tables++ > 0) return;
      flush();
      rows = 0;
    },
    startCell() {
      if (tables > 1) return void inline.push(" ");
      endCell();
      if (tables === 1) inCell = true;
    },
    endRow() {
      if (tables === 1) endRow();
    },
    endTable() {
      if (tables === 1) endRow();
      tables = Math.max(0, tables - 1);
    },
    finish() {
      if (tables > 0) endRow();
      flush();
      return written.map(({ text, tight }, at) => {
        const before = written[at - 1];
        const joined = tight && (before?.tight || before?.text.startsWith("| "));
        return at === 0 ? text : `${joined ? "\n" : "\n\n"}${text}`;
      }).join("");
    },
  };
}

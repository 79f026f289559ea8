import { createMarkdownWriter } from "./create_markdown_writer.ts";
import { decodeText } from "./decode_text.ts";
import { unreadable } from "./unreadable.ts";

const SKIPPED = new Set([
  ["script", "style", "noscript", "template", "svg", "math", "iframe", "object", "nav"],
  ["select", "button", "canvas", "audio", "video"],
].flat());
const BLOCKS = new Set([
  ["p", "div", "section", "article", "header", "footer", "main", "aside", "address", "blockquote"],
  ["ul", "ol", "dl", "dt", "dd", "figure", "figcaption", "form", "fieldset", "hr", "details"],
  ["summary", "caption", "body", "label", "option"],
].flat());

/** The parser's own work grows with the depth; browsers stop at 512. */
const DEEPEST = 400;

/**
 * A page's text as Markdown: headings, lists, tables and code kept, scripts and menus left out.
 * @throws AppError `unreadable`
 */
export async function readHtml(
  bytes: Uint8Array,
  { file_name, mime_type, limit, tooLong }: {
    file_name: string;
    mime_type: string | null;
    limit: number;
    tooLong: () => Error;
  },
): Promise<string> {
  const { Parser } = await import("htmlparser2");
  const html = decodeText(bytes, file_name, findCharset(bytes, mime_type));
  const writer = createMarkdownWriter(limit, tooLong);
  const lists: { ordered: boolean; count: number }[] = [];
  let depth = 0;
  let skipped = 0;
  let title = "";
  let inTitle = false;
  let headed = false;
  let code: string[] | null = null;

  const parser = new Parser({
    onopentag(name) {
      if (++depth > DEEPEST) throw unreadable(file_name, "its elements are nested too deep");
      if (SKIPPED.has(name)) skipped++;
      if (skipped > 0) return;
      const level = /^h([1-6])$/.exec(name)?.[1];
      if (level !== undefined) {
        headed = headed || level === "1";
        writer.startBlock(`${"#".repeat(Number(level))} `);
      } else if (name === "title") inTitle = title === "";
      else if (name === "br") writer.lineBreak();
      else if (name === "pre") code ??= [];
      else if (name === "table") writer.startTable();
      else if (name === "td" || name === "th") writer.startCell();
      else if (name === "li") {
        const list = lists.at(-1) ?? { ordered: false, count: 0 };
        const mark = list.ordered ? `${++list.count}. ` : "- ";
        writer.startBlock("  ".repeat(Math.max(0, lists.length - 1)) + mark);
      } else if (BLOCKS.has(name)) {
        if (name === "ul" || name === "ol") lists.push({ ordered: name === "ol", count: 0 });
        // The first paragraph of an item is the item.
        if (!(lists.length > 0 && name === "p")) writer.startBlock();
      }
    },
    ontext(text) {
      if (skipped > 0) return;
      if (inTitle) title += text;
      else if (code !== null) code.push(text);
      else writer.text(text);
    },
    onclosetag(name) {
      depth--;
      if (SKIPPED.has(name)) skipped = Math.max(0, skipped - 1);
      if (skipped > 0) return;
      if (name === "title") inTitle = false;
      else if (name === "tr") writer.endRow();
      else if (name === "table") writer.endTable();
      else if (name === "pre" && code !== null) {
        writer.code(code.join(""));
        code = null;
      } else if (/^(?:h[1-6]|li)$/.test(name) || BLOCKS.has(name)) {
        if (name === "ul" || name === "ol") lists.pop();
        if (!(lists.length > 0 && name === "p")) writer.startBlock();
      }
    },
  }, { decodeEntities: true });
  parser.end(html);
  const text = writer.finish();
  const name = title.replace(/\s+/g, " ").trim();
  return headed || name === "" ? text : `# ${name}\n\n${text}`;
}

/** A page says how it is encoded in its header's mime type or at its own beginning. */
function findCharset(bytes: Uint8Array, mimeType: string | null): string {
  const header = /charset\s*=\s*"?([\w-]+)/i.exec(mimeType ?? "")?.[1];
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  return header ?? /<meta[^>]{0,200}?charset\s*=\s*["']?([\w-]+)/i.exec(start)?.[1] ?? "utf-8";
}

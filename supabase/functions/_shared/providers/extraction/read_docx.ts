import { createMarkdownWriter } from "./create_markdown_writer.ts";
import { readZipDirectory, readZipEntry } from "./read_zip.ts";
import { unreadable } from "./unreadable.ts";

/** A document of 300,000 bytes of text is a few megabytes of XML. */
const LARGEST_XML_BYTES = 12 * 1024 * 1024;
const LARGEST_STYLES_BYTES = 2 * 1024 * 1024;
const DEEPEST = 400;
const SKIPPED = new Set(["w:del", "w:instrText", "mc:Fallback", "w:moveFrom"]);

/**
 * A Word document's text as Markdown: headings by the styles' own names, list items, tables.
 * Word's structure is ECMA-376 part 1, chapter 17.
 * @throws AppError `unreadable`
 */
export async function readDocx(
  bytes: Uint8Array,
  { file_name, limit, tooLong }: { file_name: string; limit: number; tooLong: () => Error },
): Promise<string> {
  const directory = readZipDirectory(bytes);
  if (directory === null) throw unreadable(file_name, "its archive is broken");
  const read = async (name: string, most: number): Promise<string | null> => {
    const entry = directory.get(name);
    if (entry === undefined) return null;
    if (entry.encrypted) throw unreadable(file_name, "it is protected by a password");
    const found = await readZipEntry(bytes, entry, most);
    if (found === "broken") throw unreadable(file_name, "its archive is broken");
    if (found === "too_large") {
      throw unreadable(file_name, `it unpacks to more than ${most / 1024 / 1024} MB`);
    }
    const xml = new TextDecoder().decode(found);
    if (/<!DOCTYPE|<!ENTITY/i.test(xml)) {
      throw unreadable(file_name, "it defines entities of its own");
    }
    return xml;
  };
  const document = await read("word/document.xml", LARGEST_XML_BYTES);
  if (document === null) throw unreadable(file_name, "it is no Word document");
  const levels = await readHeadingStyles(await read("word/styles.xml", LARGEST_STYLES_BYTES) ?? "");
  return await render(document, { file_name, limit, tooLong, levels });
}

async function render(
  xml: string,
  { file_name, limit, tooLong, levels }: {
    file_name: string;
    limit: number;
    tooLong: () => Error;
    levels: Map<string, number>;
  },
): Promise<string> {
  const { Parser } = await import("htmlparser2");
  const writer = createMarkdownWriter(limit, tooLong);
  let depth = 0;
  let skipped = 0;
  let inText = false;
  let listed = false;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (++depth > DEEPEST) throw unreadable(file_name, "its elements are nested too deep");
      if (SKIPPED.has(name)) skipped++;
      if (skipped > 0) return;
      if (name === "w:p") writer.startBlock();
      else if (name === "w:pStyle") {
        const level = levels.get(attributes["w:val"] ?? "");
        if (level !== undefined) writer.startBlock(`${"#".repeat(level)} `);
        listed = level !== undefined;
      } else if (name === "w:ilvl" && !listed) {
        writer.startBlock(`${"  ".repeat(Math.min(Number(attributes["w:val"]) || 0, 8))}- `);
      } else if (name === "w:tab") writer.text(" ");
      else if (name === "w:br" || name === "w:cr") writer.lineBreak();
      else if (name === "w:tbl") writer.startTable();
      else if (name === "w:tc") writer.startCell();
      inText = name === "w:t";
    },
    ontext(text) {
      if (inText && skipped === 0) writer.text(text);
    },
    onclosetag(name) {
      depth--;
      if (SKIPPED.has(name)) skipped = Math.max(0, skipped - 1);
      inText = false;
      if (skipped > 0) return;
      if (name === "w:p") {
        writer.startBlock();
        listed = false;
      } else if (name === "w:tr") writer.endRow();
      else if (name === "w:tbl") writer.endTable();
    },
  }, { xmlMode: true, decodeEntities: true });
  parser.end(xml);
  if (depth !== 0) throw unreadable(file_name, "its text is cut off");
  return writer.finish();
}

/** The level of each heading style by its id, which depends on Word's language; its name doesn't. */
async function readHeadingStyles(xml: string): Promise<Map<string, number>> {
  const { Parser } = await import("htmlparser2");
  const levels = new Map<string, number>();
  let style = "";
  let depth = 0;
  new Parser({
    onopentag(name, attributes) {
      if (++depth > DEEPEST) return;
      if (name === "w:style") style = attributes["w:styleId"] ?? "";
      if (name !== "w:name" || style === "") return;
      const value = (attributes["w:val"] ?? "").toLowerCase();
      const level = /^heading ([1-9])$/.exec(value)?.[1];
      if (level !== undefined) levels.set(style, Math.min(Number(level), 6));
      if (value === "title") levels.set(style, 1);
    },
    onclosetag(name) {
      depth--;
      if (name === "w:style") style = "";
    },
  }, { xmlMode: true, decodeEntities: true }).end(xml);
  return levels;
}

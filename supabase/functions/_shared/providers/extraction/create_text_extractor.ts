import type { Clock } from "../../ports.ts";
import type { TextExtractor, TextSource } from "../../ports_knowledge.ts";
import { decodeText } from "./decode_text.ts";
import { detectType, type DocumentType } from "./detect_type.ts";
import { readDocx } from "./read_docx.ts";
import { readHtml } from "./read_html.ts";
import { readJson } from "./read_json.ts";
import { readPdf } from "./read_pdf.ts";
import { readXml } from "./read_xml.ts";
import { unreadable } from "./unreadable.ts";

/**
 * What a file may be before its text is known. Markup is several times its text, and a PDF's or a
 * Word document's pictures are more than all of it; each is read within 2 s of CPU and 256 MB.
 */
const LARGEST_SOURCE_BYTES: Record<Exclude<DocumentType, "text" | "json">, number> = {
  html: 3 * 1024 * 1024,
  xml: 3 * 1024 * 1024,
  pdf: 20 * 1024 * 1024,
  docx: 20 * 1024 * 1024,
};

/** The libraries that it needs are loaded when the first document needs them. */
export function createTextExtractor(config: { clock?: Clock } = {}): TextExtractor {
  const { clock = Date.now } = config;
  return {
    async extractPages(source, { first_page, max_milliseconds, max_bytes }) {
      const { file_name } = source;
      const type = detectType(source);
      const tooLong = () =>
        unreadable(file_name, `it holds more than ${max_bytes.toLocaleString("en")} bytes of text`);
      checkSize(source, type, { max_bytes, tooLong });
      const until = clock() + max_milliseconds;
      const { pages, page_count } = type === "pdf"
        ? await readPdf(source.bytes, {
          file_name,
          first_page,
          limit: max_bytes,
          tooLong,
          isOver: () => clock() >= until,
        })
        : { pages: [await readWhole(source, type, { limit: max_bytes, tooLong })], page_count: 1 };
      if (first_page > page_count) {
        throw unreadable(file_name, `it has no page ${first_page}`);
      }
      const clean = pages.map(cleanText);
      if (measureBytes(clean) > max_bytes) throw tooLong();
      const next = first_page + clean.length;
      const next_page = next > page_count ? null : next;
      if (first_page === 1 && next_page === null && clean.every((page) => page.trim() === "")) {
        throw unreadable(file_name, "it holds no text; pictures of text can't be read");
      }
      return { pages: clean, first_page, page_count, next_page };
    },
  };
}

function checkSize(
  { bytes, file_name }: TextSource,
  type: DocumentType,
  { max_bytes, tooLong }: { max_bytes: number; tooLong: () => Error },
): void {
  if (type === "text" || type === "json") {
    // UTF-16 takes up to twice the room of the UTF-8 that is counted.
    if (bytes.byteLength > max_bytes * 2 + 2) throw tooLong();
    return;
  }
  const most = LARGEST_SOURCE_BYTES[type];
  if (bytes.byteLength > most) {
    throw unreadable(file_name, `it is larger than ${most / 1024 / 1024} MB`);
  }
}

async function readWhole(
  { bytes, file_name, mime_type }: TextSource,
  type: Exclude<DocumentType, "pdf">,
  { limit, tooLong }: { limit: number; tooLong: () => Error },
): Promise<string> {
  switch (type) {
    case "text":
      return decodeText(bytes, file_name);
    case "json":
      return readJson(bytes, file_name, limit);
    case "xml":
      return await readXml(bytes, { file_name, limit, tooLong });
    case "html":
      return await readHtml(bytes, { file_name, mime_type, limit, tooLong });
    case "docx":
      return await readDocx(bytes, { file_name, limit, tooLong });
  }
}

/** A database's text holds neither U+0000 nor half of a surrogate pair. */
function cleanText(text: string): string {
  return text.replaceAll("\0", "").replace(/\p{Surrogate}/gu, "\ufffd");
}

function measureBytes(pages: string[]): number {
  return pages.reduce((sum, page) => sum + new TextEncoder().encode(page).byteLength, 0);
}

import { deflateSync } from "node:zlib";

export type PdfLine = { text: string; size?: number; gap?: number };

/** A PDF of the given pages, written by hand: one font, one content stream a page. */
export function buildPdf(
  pages: PdfLine[][],
  options: { compress?: boolean; trailer?: string } = {},
): Uint8Array {
  return assemblePdf(pages.map(drawPage), options);
}

/** A PDF whose page draws a form ten times, and each form another one, `levels` deep. */
export function buildNestedPdf(levels: number): Uint8Array {
  const parts = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>"];
  const font = "/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>";
  const draws = (form: number) => `/Resources<<${font}/XObject<</X ${form} 0 R>>>>`;
  const stream = (entries: string, content: string) =>
    `<<${entries}/Length ${content.length}>>\nstream\n${content}\nendstream`;
  parts.push(`<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R${draws(5)}>>`);
  parts.push(stream("", "/X Do ".repeat(10)));
  for (let level = 1; level <= levels; level++) {
    const content = level === levels ? "BT /F1 9 Tf (a) Tj ET" : "/X Do ".repeat(10);
    parts.push(
      stream(`/Type/XObject/Subtype/Form/BBox[0 0 9 9]${draws(5 + level)}`, content),
    );
  }
  const objects = parts.map((part, index) => `${index + 1} 0 obj\n${part}\nendobj\n`);
  return latin1(`%PDF-1.7\n${objects.join("")}trailer\n<</Root 1 0 R>>\n%%EOF\n`);
}

/** A PDF whose pages draw what they are given. `filter` names what the streams are packed with. */
export function assemblePdf(
  contents: (string | Uint8Array)[],
  {
    compress = false,
    trailer = "",
    filter = compress ? "/Filter/FlateDecode" : "",
    line = "\n",
    extra,
  }: {
    compress?: boolean;
    trailer?: string;
    filter?: string;
    /** What ends the line before a stream. */
    line?: string;
    /** An object of its own after the first page's. */
    extra?: string;
  } = {},
): Uint8Array {
  const parts: Uint8Array[] = [];
  const offsets: number[] = [];
  let length = 0;
  const write = (part: string | Uint8Array) => {
    const bytes = typeof part === "string" ? latin1(part) : part;
    parts.push(bytes);
    length += bytes.byteLength;
  };
  const object = (...content: (string | Uint8Array)[]) => {
    offsets.push(length);
    write(`${offsets.length} 0 obj\n`);
    content.forEach(write);
    write("\nendobj\n");
  };
  const pageOf = (index: number) => 4 + index * 2;
  write("%PDF-1.7\n");
  object("<</Type/Catalog/Pages 2 0 R>>");
  const kids = contents.map((_, index) => `${pageOf(index)} 0 R`).join(" ");
  object(`<</Type/Pages/Kids[${kids}]/Count ${contents.length}>>`);
  object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>");
  for (const [index, content] of contents.entries()) {
    object(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${pageOf(index) + 1} 0 R` +
        "/Resources<</Font<</F1 3 0 R>>>>>>",
    );
    const plain = typeof content === "string" ? latin1(content) : content;
    const bytes = compress ? new Uint8Array(deflateSync(plain)) : plain;
    object(`<</Length ${bytes.byteLength}${filter}>>\nstream${line}`, bytes, "\nendstream");
    if (index === 0 && extra !== undefined) object(extra);
  }
  const start = length;
  write(`xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n`);
  for (const offset of offsets) write(`${String(offset).padStart(10, "0")} 00000 n \n`);
  write(`trailer\n<</Size ${offsets.length + 1}/Root 1 0 R${trailer}>>\n`);
  write(`startxref\n${start}\n%%EOF\n`);
  return join(parts, length);
}

function drawPage(lines: PdfLine[]): string {
  let y = 800;
  const drawn = lines.map(({ text, size = 11, gap = 0 }) => {
    y -= size * 1.3 + gap;
    const escaped = text.replace(/[\\()]/g, "\\$&");
    return `/F1 ${size} Tf 1 0 0 1 50 ${y.toFixed(1)} Tm (${escaped}) Tj`;
  });
  return `BT\n${drawn.join("\n")}\nET`;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

function join(parts: Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}

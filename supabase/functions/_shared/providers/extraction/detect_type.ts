import { unreadable } from "./unreadable.ts";

export type DocumentType = "text" | "json" | "xml" | "html" | "pdf" | "docx";

const TYPE_OF_ENDING: Record<string, DocumentType> = {
  txt: "text",
  md: "text",
  markdown: "text",
  csv: "text",
  tsv: "text",
  yaml: "text",
  yml: "text",
  json: "json",
  xml: "xml",
  html: "html",
  htm: "html",
  pdf: "pdf",
  docx: "docx",
};
const TYPE_OF_MIME: Record<string, DocumentType> = {
  "text/plain": "text",
  "text/markdown": "text",
  "text/csv": "text",
  "text/tab-separated-values": "text",
  "application/yaml": "text",
  "application/x-yaml": "text",
  "text/yaml": "text",
  "application/json": "json",
  "application/xml": "xml",
  "text/xml": "xml",
  "text/html": "html",
  "application/xhtml+xml": "html",
  "application/pdf": "pdf",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
};

/** First bytes of what people most often rename; each one is no text. */
const SIGNATURES: [name: string, bytes: number[]][] = [
  ["a ZIP archive", [0x50, 0x4b, 0x03, 0x04]],
  ["an old Office document, or one with a password", [0xd0, 0xcf, 0x11, 0xe0]],
  ["a PNG picture", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG picture", [0xff, 0xd8, 0xff]],
  ["a GIF picture", [0x47, 0x49, 0x46, 0x38]],
  ["compressed", [0x1f, 0x8b]],
  ["a program", [0x7f, 0x45, 0x4c, 0x46]],
  ["a PDF", [0x25, 0x50, 0x44, 0x46, 0x2d]],
];

/** Readers allow a PDF to begin this far into its file. */
const PDF_HEADER_WITHIN = 1024;

/**
 * What a document is: by its name's ending, or by the mime type where the ending says nothing. Both
 * are only claims; the bytes must agree.
 * @throws AppError `unreadable`
 */
export function detectType(
  { bytes, file_name, mime_type }: {
    bytes: Uint8Array;
    file_name: string;
    mime_type: string | null;
  },
): DocumentType {
  if (bytes.byteLength === 0) throw unreadable(file_name, "it is empty");
  const ending = /\.([a-z0-9]+)$/i.exec(file_name)?.[1]?.toLowerCase();
  const mime = mime_type?.split(";")[0]?.trim().toLowerCase();
  const claimed = TYPE_OF_ENDING[ending ?? ""] ?? TYPE_OF_MIME[mime ?? ""];
  if (claimed === undefined) {
    throw unreadable(
      file_name,
      "it is none of .txt, .md, .csv, .tsv, .json, .yaml, .xml, .html, .pdf and .docx",
    );
  }
  const found = SIGNATURES.find(([, start]) => start.every((byte, at) => bytes[at] === byte))?.[0];
  if (claimed === "pdf") {
    if (isPdf(bytes)) return "pdf";
    throw unreadable(file_name, found ? `its content is ${found}, not a PDF` : "it is no PDF");
  }
  if (claimed === "docx") {
    if (found === "a ZIP archive") return "docx";
    throw unreadable(
      file_name,
      found ? `its content is ${found}, not a Word document` : "it is no Word document",
    );
  }
  if (found !== undefined) throw unreadable(file_name, `its content is ${found}, not text`);
  return claimed;
}

function isPdf(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, PDF_HEADER_WITHIN)).includes("%PDF-");
}

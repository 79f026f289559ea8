import { createHash } from "node:crypto";
import { chunkDocument } from "../domain/chunking/chunk_document.ts";
import { AppError } from "../errors.ts";
import type { PreparedText } from "../ports_documents.ts";

/** UTF-8 bytes of a document's text; what Vapi recommends for a file is the same. */
export const MAX_TEXT_BYTES = 300_000;

/**
 * Cuts a text into the chunks that a search finds, each with the hash of what is embedded of it.
 * @param name what the text is called where it is refused
 * @throws AppError `unreadable` for a text that is empty or too large
 */
export function prepareText(text: string, name: string): PreparedText {
  // Neither can be stored: PostgreSQL's text holds no NUL, and UTF-8 no half of a character.
  const content = text.replaceAll("\0", "").toWellFormed();
  requireSize(content, name);
  if (content.trim() === "") {
    throw new AppError("unreadable", `Cannot read "${name}": there is no text in it`);
  }
  return {
    content,
    content_hash: hash(content),
    chunks: chunkDocument(content).map(({ position, heading_path, content, from, to }) => {
      const content_hash = hash(describeForEmbedding({ heading_path, content }));
      return { position, heading_path, content, from, to, content_hash };
    }),
  };
}

/** @throws AppError `unreadable` */
export function requireSize(text: string, name: string): void {
  const bytes = new TextEncoder().encode(text).byteLength;
  if (bytes <= MAX_TEXT_BYTES) return;
  throw new AppError(
    "unreadable",
    `Cannot read "${name}": its text is larger than ${MAX_TEXT_BYTES} bytes`,
    { extensions: { maxBytes: MAX_TEXT_BYTES } },
  );
}

/** What a chunk's vector is made of: its content below the headings it stands under. */
export function describeForEmbedding(
  { heading_path, content }: { heading_path: string[]; content: string },
): string {
  return heading_path.length === 0 ? content : `${heading_path.join(" > ")}\n\n${content}`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

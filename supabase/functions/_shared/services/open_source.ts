import { createHash } from "node:crypto";
import { AppError } from "../errors.ts";
import type { DocumentStorage, VersionInput } from "../ports_documents.ts";
import type { PageFetcher, TextExtractor, TextSource } from "../ports_knowledge.ts";
import { MAX_TEXT_BYTES, prepareText, requireSize } from "./prepare_text.ts";

/** Bytes of a file, before its text is taken out. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** What a request may spend on reading a file; the worker goes on with the rest. */
const READ_MILLISECONDS = 400;
const FETCH_MILLISECONDS = 15_000;

/** A document's text as a caller gives it. */
export type ContentInput =
  | { kind: "text"; text: string }
  | { kind: "file"; bytes: Uint8Array; file_name: string; mime_type: string | null }
  | { kind: "storage"; path: string }
  | { kind: "url"; url: string };

export type SourcePorts = {
  storage: DocumentStorage;
  extractor: TextExtractor;
  pages: PageFetcher;
  /** Whether vectors are to be made. */
  embeds: boolean;
};

export type OpenedSource = {
  version: VersionInput;
  /** What has to be uploaded where the version isn't read to its end. */
  file: TextSource | null;
};

/**
 * Reads what a caller gives as far as a request may: a text and most files to their end, a long
 * document its first pages, so that what can't be read is refused at once.
 * @throws AppError `unreadable`, `invalid_input`, `not_found`, `payload_too_large`, `provider_failed`
 */
export async function openSource(
  ports: SourcePorts,
  { orgId, content }: { orgId: string; content: ContentInput },
): Promise<OpenedSource> {
  switch (content.kind) {
    case "text": {
      const origin = {
        source: "text",
        source_address: null,
        file_name: null,
        mime_type: null,
      } as const;
      const prepared = prepareText(content.text, "text");
      const version = { ...origin, source_hash: null, ...prepared, embed: ports.embeds };
      return { version, file: null };
    }
    case "file":
      return await readFile(ports, content, { source: "file", source_address: null });
    case "storage": {
      const path = requireOwnPath(content.path, orgId);
      const { bytes, mime_type } = await ports.storage.download(path, { maxBytes: MAX_FILE_BYTES });
      const file = { bytes, mime_type, file_name: path.slice(path.lastIndexOf("/") + 1) };
      return await readFile(ports, file, { source: "storage", source_address: path });
    }
    case "url": {
      const signal = AbortSignal.timeout(FETCH_MILLISECONDS);
      const page = await ports.pages.fetchPage(content.url, { signal });
      return await readFile(ports, page, { source: "url", source_address: content.url });
    }
  }
}

async function readFile(
  { extractor, embeds }: SourcePorts,
  { bytes, file_name, mime_type }: TextSource,
  place: { source: "file" | "storage" | "url"; source_address: string | null },
): Promise<OpenedSource> {
  const file = { bytes, file_name, mime_type };
  if (bytes.byteLength === 0) {
    throw new AppError("unreadable", `Cannot read "${file_name}": it is empty`);
  }
  const { pages, page_count, next_page } = await extractor.extractPages(file, {
    first_page: 1,
    max_milliseconds: READ_MILLISECONDS,
    max_bytes: MAX_TEXT_BYTES,
  });
  const source_hash = createHash("sha256").update(bytes).digest("hex");
  const origin = { ...place, file_name, mime_type, source_hash };
  const read = joinPages("", pages);
  if (next_page === null) {
    const version = { ...origin, ...prepareText(read, file_name), embed: embeds };
    return { version, file: null };
  }
  requireSize(read, file_name);
  const storage_path = place.source === "storage" ? place.source_address : null;
  return { version: { ...origin, next_page, page_count, read, storage_path }, file };
}

/** The pages read so far and those after them. */
export function joinPages(read: string, pages: readonly string[]): string {
  return [read, ...pages].filter((page) => page !== "").join("\n\n").replaceAll("\0", "");
}

/** @throws AppError `forbidden`: what another organization uploaded is none of the caller's. */
function requireOwnPath(path: string, orgId: string): string {
  const parts = path.replace(/^knowledge\//, "").split("/");
  const isSafe = parts.length > 1 &&
    parts.every((part) => part !== "" && !/^\.{1,2}$|\\/.test(part));
  if (isSafe && parts[0]?.toLowerCase() === orgId) return parts.join("/");
  throw new AppError(
    "forbidden",
    `Cannot read "${
      path.slice(0, 200)
    }": it must be a file below "${orgId}/" of the bucket knowledge`,
    { errors: [{ field: "storage_path", detail: `must begin with ${orgId}/` }] },
  );
}

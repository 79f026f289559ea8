import { AppError } from "../errors.ts";
import type { Logger } from "../ports.ts";
import type { DocumentStorage, PreparationStore, VersionName } from "../ports_documents.ts";
import type { TextExtractor } from "../ports_knowledge.ts";
import { joinPages, MAX_FILE_BYTES } from "./open_source.ts";
import { MAX_TEXT_BYTES, prepareText, requireSize } from "./prepare_text.ts";

/** Of reading, which is nearly all processor time: a request has two seconds of it. */
const READ_MILLISECONDS = 800;

export type PreparePorts = {
  preparation: PreparationStore;
  storage: DocumentStorage;
  extractor: TextExtractor;
  embeds: boolean;
  logger: Logger;
};

/**
 * Reads one more stretch of a version's pages, or makes it searchable once all are read. What it
 * can't read is given up, with the reason; any other failure is thrown, to be tried again.
 * @returns `reading` where pages are left, which are queued as another job
 */
export async function prepareVersion(
  ports: PreparePorts,
  name: VersionName,
): Promise<"indexed" | "reading" | "failed" | "gone"> {
  const version = await ports.preparation.readVersion(name);
  if (version.code === "gone") return "gone";
  const fileName = version.file_name ?? "document";
  try {
    let content = version.content;
    if (version.next_page !== null) {
      const read = await readStretch(ports, {
        ...version,
        file_name: fileName,
        first_page: version.next_page,
      });
      content = read.content;
      const { code } = await ports.preparation.recordPages({
        ...name,
        first_page: version.next_page,
        next_page: read.next_page,
        page_count: read.page_count,
        content,
      });
      if (code === "gone") return "gone";
      if (read.next_page !== null) return "reading";
    }
    const prepared = prepareText(content, fileName);
    const { code } = await ports.preparation.indexVersion({
      ...name,
      ...prepared,
      embed: ports.embeds,
    });
    return code === "duplicate" ? "failed" : code;
  } catch (error) {
    if (!isFinal(error)) throw error;
    ports.logger.warn("Document could not be read", { document_id: name.document_id, error });
    const { code } = await ports.preparation.failVersion({
      ...name,
      error_code: error.code,
      error: error.message,
    });
    return code === "gone" ? "gone" : "failed";
  }
}

async function readStretch(
  { storage, extractor }: PreparePorts,
  { storage_path, file_name, mime_type, first_page, content }: {
    storage_path: string;
    file_name: string;
    mime_type: string | null;
    first_page: number;
    content: string;
  },
) {
  const { bytes } = await storage.download(storage_path, { maxBytes: MAX_FILE_BYTES });
  const { pages, page_count, next_page } = await extractor.extractPages(
    { bytes, file_name, mime_type },
    { first_page, max_milliseconds: READ_MILLISECONDS, max_bytes: MAX_TEXT_BYTES },
  );
  const joined = joinPages(content, pages);
  // Before it is stored: the rest of a book is not read for nothing.
  requireSize(joined, file_name);
  return { content: joined, page_count, next_page };
}

/** The same again would end the same. */
function isFinal(error: unknown): error is AppError {
  return error instanceof AppError &&
    ["unreadable", "not_found", "payload_too_large"].includes(error.code);
}

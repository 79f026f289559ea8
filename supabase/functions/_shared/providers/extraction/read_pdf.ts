import { AppError } from "../../errors.ts";
import { checkPdf } from "./check_pdf.ts";
import { loadPdfReader } from "./load_pdf_reader.ts";
import { readPdfPage } from "./read_pdf_page.ts";
import { unreadable } from "./unreadable.ts";

const MOST_PAGES = 2_000;

/**
 * A PDF's pages from `first_page` (counted from 1) until `isOver` says so, at least one.
 * @throws AppError `unreadable`
 */
export async function readPdf(
  bytes: Uint8Array,
  { file_name, first_page, limit, tooLong, isOver }: {
    file_name: string;
    first_page: number;
    limit: number;
    tooLong: () => Error;
    isOver: () => boolean;
  },
): Promise<{ pages: string[]; page_count: number }> {
  const copy = await checkPdf(bytes, file_name);
  const { getDocumentProxy } = await loadPdfReader();
  const fail = (cause: unknown) => {
    if (cause instanceof AppError) return cause;
    const named = cause instanceof Error && cause.name === "PasswordException";
    return unreadable(file_name, named ? "it is encrypted" : "it is a broken PDF", cause);
  };
  const tooMuch = () => unreadable(file_name, "a page of it draws too much");
  // The reader takes the bytes over; the caller keeps its own.
  const pdf = await getDocumentProxy(copy, { verbosity: 0 }).catch((cause) => {
    throw fail(cause);
  });
  try {
    const page_count = pdf.numPages;
    if (page_count > MOST_PAGES) {
      throw unreadable(file_name, `it has more than ${MOST_PAGES} pages`);
    }
    const pages: string[] = [];
    let length = 0;
    for (let number = first_page; number <= page_count; number++) {
      if (pages.length > 0 && isOver()) break;
      const reading = pdf.getPage(number).then((page) =>
        readPdfPage(page, { limit: limit - length, tooLong, tooMuch })
      );
      const text = await reading.catch((cause) => {
        throw fail(cause);
      });
      length += text.length;
      if (length > limit) throw tooLong();
      pages.push(text);
    }
    return { pages, page_count };
  } finally {
    await pdf.loadingTask.destroy();
  }
}

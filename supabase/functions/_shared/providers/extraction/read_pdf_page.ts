import { type PlacedText, renderPage } from "./render_page.ts";

type Pdf = Awaited<ReturnType<typeof import("unpdf")["getDocumentProxy"]>>;
type Page = Awaited<ReturnType<Pdf["getPage"]>>;

/**
 * How often the reader of a page may wait for itself. It does a few hundred times for a page of ten
 * thousand runs of text, and fifteen times for each form that is drawn: forms drawn by forms are ten
 * times as many with each level, in a file that hardly grows.
 */
const MOST_STEPS = 20_000;
/** Runs of text, each of which costs its reader about 10 µs and 200 bytes. */
const MOST_RUNS = 60_000;

/**
 * The text of a page, read no further than its limits allow: letters, runs of them, and the
 * reader's steps. All are the same for a page wherever and whenever it is read.
 * @throws what `tooLong` and `tooMuch` make
 */
export async function readPdfPage(
  page: Page,
  { limit, tooLong, tooMuch }: {
    limit: number;
    tooLong: () => Error;
    tooMuch: () => Error;
  },
): Promise<string> {
  const placed: PlacedText[] = [];
  let length = 0;
  let over = false;
  const reader = page.streamTextContent().getReader();
  const read = async () => {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const item of value.items) {
        if (!("str" in item)) continue;
        const { str: text, hasEOL: ends, height, transform } = item;
        length += text.length;
        if (length > limit) throw tooLong();
        if (placed.length >= MOST_RUNS) throw tooMuch();
        placed.push({ text, ends, height, y: Number(transform[5]) });
      }
    }
  };
  const reading = read().finally(() => over = true);
  // Whatever it ends with is said below, or of no interest any more.
  reading.catch(() => {});
  try {
    // The reader works in microtasks: no timer comes in between, so it is counted along with it.
    for (let steps = 0; !over; steps++) {
      if (steps > MOST_STEPS) throw tooMuch();
      await null;
    }
    await reading;
  } catch (error) {
    // Who waits for its text to be taken would never end.
    reader.cancel(error).catch(() => {});
    throw error;
  }
  page.cleanup();
  return renderPage(placed);
}

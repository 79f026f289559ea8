/** What the reader's own exceptions are called; nothing else that goes wrong is hidden. */
const OF_THE_READER = /Exception$|^FormatError$/;

let isGuarded = false;

/**
 * The reader of PDFs, loaded when there is one to be read. Damage that it meets beside what it was
 * asked for rejects promises that nobody holds: they would end the process, with everybody's work.
 */
export async function loadPdfReader() {
  if (!isGuarded) {
    isGuarded = true;
    globalThis.addEventListener("unhandledrejection", (event) => {
      if (event.reason instanceof Error && OF_THE_READER.test(event.reason.name)) {
        event.preventDefault();
      }
    });
  }
  return await import("unpdf");
}

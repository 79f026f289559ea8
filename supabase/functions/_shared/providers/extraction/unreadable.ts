import { AppError } from "../../errors.ts";

/** A document that can't be read; the reason ends the sentence. */
export function unreadable(fileName: string, reason: string, cause?: unknown): AppError {
  return new AppError(
    "unreadable",
    `Cannot read "${fileName}": ${reason}`,
    cause === undefined ? {} : { cause },
  );
}

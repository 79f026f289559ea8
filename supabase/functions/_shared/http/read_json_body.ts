import { AppError } from "../errors.ts";
import { readRawBody } from "./read_raw_body.ts";

const DEFAULT_MAX_BYTES = 64 * 1024;

/**
 * A request's JSON, not yet validated.
 *
 * @throws AppError `unsupported_media_type`, `payload_too_large`, or `invalid_input` where the body
 * is empty, not UTF-8 or not JSON.
 */
export async function readJsonBody(
  request: Request,
  { maxBytes = DEFAULT_MAX_BYTES }: { maxBytes?: number } = {},
): Promise<unknown> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    await request.body?.cancel();
    throw new AppError(
      "unsupported_media_type",
      `Cannot read the body: its content-type must be application/json`,
    );
  }
  const bytes = await readRawBody(request, { maxBytes });
  if (bytes.byteLength === 0) {
    throw new AppError("invalid_input", "Cannot read the body: it is empty");
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError("invalid_input", "Cannot read the body: it is not UTF-8", { cause });
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the body, which may hold credentials.
    throw new AppError("invalid_input", "Cannot read the body: it is not valid JSON");
  }
}

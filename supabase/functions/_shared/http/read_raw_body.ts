import { AppError } from "../errors.ts";

/**
 * The bytes of a request, as they were signed.
 *
 * @param options.discardBytes how much of what is too large is let in and dropped, piece by piece, so
 *   that its sender sees the answer; without it twice what is allowed, and nothing of unknown length
 * @throws AppError `payload_too_large` as soon as `maxBytes` are exceeded, by what the caller
 * announces or by what arrives.
 */
export async function readRawBody(
  request: Request,
  { maxBytes, discardBytes }: { maxBytes: number; discardBytes?: number },
): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > maxBytes) {
    await discard(request.body?.getReader(), discardBytes ?? 2 * maxBytes);
    throw tooLarge(maxBytes);
  }
  if (request.body === null) return new Uint8Array(0);
  // A stream is read in pieces of 64 KB each, however small the body is: a thousand of them a second
  // keep the garbage collector busier than everything else. HTTP ends a body at its announced length.
  if (announced > 0) {
    const whole = new Uint8Array(await request.arrayBuffer());
    if (whole.byteLength > maxBytes) throw tooLarge(maxBytes);
    return whole;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      chunks.length = 0;
      await discard(reader, (discardBytes ?? 0) - size);
      throw tooLarge(maxBytes);
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** Who is cut off while still sending often never sees the answer, so a little is let in first. */
async function discard(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  limitBytes: number,
): Promise<void> {
  for (let size = 0; reader !== undefined && size <= limitBytes;) {
    const { done, value } = await reader.read();
    if (done) return;
    size += value.byteLength;
  }
  await reader?.cancel();
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    "payload_too_large",
    `Cannot read the body: it is larger than ${maxBytes} bytes`,
    { extensions: { maxBytes } },
  );
}

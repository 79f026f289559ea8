export type HttpAnswer = { status: number; headers: Headers; body: Uint8Array };

const LONGEST_HEAD = 64 * 1024;
const HEAD_END = [13, 10, 13, 10];

/**
 * An HTTP/1.1 answer out of the bytes that have arrived (RFC 9112).
 * @param ended whether the connection is closed, which ends a body that says no length
 * @returns null while something is missing
 * @throws Error when it is no such answer, or it broke off
 */
export function parseHttpAnswer(bytes: Uint8Array, ended: boolean): HttpAnswer | null {
  const headEnd = indexOf(bytes, HEAD_END, 0);
  if (headEnd < 0) {
    if (bytes.byteLength > LONGEST_HEAD) throw new Error("the answer's head is too long");
    return missing(ended);
  }
  const [first = "", ...lines] = latin1(bytes.subarray(0, headEnd)).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1]);
  if (!Number.isInteger(status)) throw new Error("the answer is no HTTP");
  const rest = bytes.subarray(headEnd + HEAD_END.length);
  if (status >= 100 && status < 200) return parseHttpAnswer(rest, ended);
  const headers = readHeaders(lines);
  if (status === 204 || status === 304) return { status, headers, body: new Uint8Array() };
  if (/\bchunked\s*$/i.test(headers.get("transfer-encoding") ?? "")) {
    const body = readChunks(rest);
    return body === null ? missing(ended) : { status, headers, body };
  }
  const length = headers.get("content-length");
  if (length === null) return ended ? { status, headers, body: rest } : null;
  if (!/^\d{1,15}$/.test(length)) throw new Error("the answer's length is no number");
  if (rest.byteLength < Number(length)) return missing(ended);
  return { status, headers, body: rest.subarray(0, Number(length)) };
}

function missing(ended: boolean): null {
  if (ended) throw new Error("the answer broke off");
  return null;
}

function readHeaders(lines: string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon <= 0) throw new Error("the answer's head is malformed");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}

/** @returns null while the last chunk is missing */
function readChunks(bytes: Uint8Array): Uint8Array | null {
  const chunks: Uint8Array[] = [];
  let size = 0;
  let at = 0;
  while (true) {
    const end = indexOf(bytes, [13, 10], at);
    if (end < 0) return null;
    const line = latin1(bytes.subarray(at, Math.min(end, at + 100)));
    const hex = /^([0-9a-f]{1,8})\s*(?:;|$)/i.exec(line)?.[1];
    if (hex === undefined) throw new Error("the answer's chunks are malformed");
    const length = parseInt(hex, 16);
    at = end + 2;
    if (length === 0) break;
    if (at + length + 2 > bytes.byteLength) return null;
    chunks.push(bytes.subarray(at, at + length));
    size += length;
    at += length + 2;
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

function indexOf(bytes: Uint8Array, wanted: number[], from: number): number {
  let at = bytes.indexOf(wanted[0]!, from);
  while (at >= 0 && !wanted.every((byte, index) => bytes[at + index] === byte)) {
    at = bytes.indexOf(wanted[0]!, at + 1);
  }
  return at;
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

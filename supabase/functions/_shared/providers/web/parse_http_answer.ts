export type HttpAnswer = { status: number; headers: Headers; body: Uint8Array };

type Head = { status: number; headers: Headers };

/** Together with what announces it. */
const LONGEST_HEAD = 64 * 1024;
const LONGEST_CHUNK_LINE = 256;
const HEAD_END = [13, 10, 13, 10];
const LINE_END = [13, 10];

/**
 * Parses an HTTP/1.1 answer (RFC 9112) while it arrives. Each call is given all bytes so far, and goes
 * on where the last one stopped: a sender may deliver them one by one.
 * @returns null while something is missing
 * @throws Error when it is no such answer, or it broke off
 */
export function createAnswerParser(): (bytes: Uint8Array, ended: boolean) => HttpAnswer | null {
  let head: Head | null = null;
  let start = 0;
  let looked = 0;
  const chunks = createChunkReader();
  return (bytes, ended) => {
    while (head === null) {
      const end = indexOf(bytes, HEAD_END, looked);
      looked = Math.max(start, bytes.byteLength - HEAD_END.length + 1);
      if ((end < 0 ? bytes.byteLength : end) > LONGEST_HEAD) {
        throw new Error("the answer's head is too long");
      }
      if (end < 0) return missing(ended);
      const found = readHead(bytes.subarray(start, end));
      start = looked = end + HEAD_END.length;
      // What only announces the answer comes before it.
      if (found.status < 100 || found.status >= 200) head = found;
    }
    const { status, headers } = head;
    if (status === 204 || status === 304) return { status, headers, body: new Uint8Array() };
    if (/\bchunked\s*$/i.test(headers.get("transfer-encoding") ?? "")) {
      const body = chunks(bytes, start);
      return body === null ? missing(ended) : { status, headers, body };
    }
    const length = headers.get("content-length");
    if (length === null) return ended ? { status, headers, body: bytes.subarray(start) } : null;
    if (!/^\d{1,15}$/.test(length)) throw new Error("the answer's length is no number");
    const end = start + Number(length);
    return bytes.byteLength < end
      ? missing(ended)
      : { status, headers, body: bytes.subarray(start, end) };
  };
}

function missing(ended: boolean): null {
  if (ended) throw new Error("the answer broke off");
  return null;
}

function readHead(bytes: Uint8Array): Head {
  const [first = "", ...lines] = latin1(bytes).split("\r\n");
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1]);
  if (!Number.isInteger(status)) throw new Error("the answer is no HTTP");
  return { status, headers: readHeaders(lines) };
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

/** Reads on from the chunk that was missing; gives null while the last one is. */
function createChunkReader(): (bytes: Uint8Array, start: number) => Uint8Array | null {
  const parts: [from: number, to: number][] = [];
  let size = 0;
  let position = 0;
  return (bytes, start) => {
    for (let at = Math.max(position, start);; at = position) {
      const end = indexOf(bytes, LINE_END, at);
      if ((end < 0 ? bytes.byteLength : end) - at > LONGEST_CHUNK_LINE) {
        throw new Error("the answer's chunks are malformed");
      }
      if (end < 0) return null;
      const hex = /^([0-9a-f]{1,8})\s*(?:;|$)/i.exec(latin1(bytes.subarray(at, end)))?.[1];
      if (hex === undefined) throw new Error("the answer's chunks are malformed");
      const from = end + LINE_END.length;
      const to = from + parseInt(hex, 16);
      if (to === from) break;
      if (to + LINE_END.length > bytes.byteLength) return null;
      parts.push([from, to]);
      size += to - from;
      position = to + LINE_END.length;
    }
    const body = new Uint8Array(size);
    let offset = 0;
    for (const [from, to] of parts) {
      body.set(bytes.subarray(from, to), offset);
      offset += to - from;
    }
    return body;
  };
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

import { Buffer } from "node:buffer";
import { createHmac, randomUUID } from "node:crypto";
import { writeDelivery, writeMessage } from "../../tests/support/whatsapp.ts";

export type Measured = {
  acknowledged: number;
  /** Acknowledged before the clock started: rows as well. */
  warmedUp: number;
  refused: number;
  perSecond: number;
  /** milliseconds */
  p50: number;
  p99: number;
};

export type HttpLoad = {
  port: number;
  path: string;
  secret: string;
  phoneNumberId: string;
  connections: number;
  seconds: number;
};

/** More than anything here answers in a second; beyond them requests are written as they are needed. */
const REQUESTS_A_SECOND = 15_000;

/**
 * Signed deliveries of one new message each, over so many kept-alive connections, each sending the
 * next when the one before was answered. Plain sockets, and requests signed beforehand: the client
 * must not be what is measured.
 */
export async function loadHttp(load: HttpLoad): Promise<Measured> {
  const takeRequest = createRequests(load);
  const latencies: number[] = [];
  let refused = 0;
  let end = Infinity;

  async function connect(): Promise<void> {
    const connection = await Deno.connect({
      hostname: "127.0.0.1",
      port: load.port,
    });
    connection.setNoDelay();
    const buffer = new Uint8Array(16_384);
    while (performance.now() < end) {
      const request = takeRequest();
      const started = performance.now();
      for (let sent = 0; sent < request.length;) {
        sent += await connection.write(request.subarray(sent));
      }
      const status = await readAnswer(connection, buffer);
      if (status === 200) latencies.push(performance.now() - started);
      else refused += 1;
    }
    connection.close();
  }
  // What is loaded with the first request isn't what is measured.
  end = performance.now() + 300;
  await connect();
  const warmedUp = latencies.length;
  latencies.length = 0;
  const warm = refused;
  const began = performance.now();
  end = began + load.seconds * 1000;
  await Promise.all(Array.from({ length: load.connections }, connect));
  const took = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    latencies[
      Math.min(latencies.length - 1, Math.floor(latencies.length * share))
    ] ?? NaN;
  return {
    acknowledged: latencies.length,
    warmedUp,
    refused: refused - warm,
    perSecond: latencies.length / took,
    p50: at(0.5),
    p99: at(0.99),
  };
}

function createRequests(
  { path, secret, phoneNumberId, seconds }: HttpLoad,
): () => Uint8Array {
  const run = randomUUID();
  const template = writeDelivery(phoneNumberId, {
    contacts: [{ profile: { name: "Ada Lovelace" }, wa_id: "25078FROM" }],
    messages: [
      writeMessage({
        id: "wamid.ID",
        from: "25078FROM",
        text: "Muraho, ndashaka kugurisha ibigori",
      }),
    ],
  });
  const encoder = new TextEncoder();
  let next = 0;
  const write = () => {
    const number = next++;
    const body = template
      .replace("wamid.ID", `wamid.${run}.${number}`)
      .replaceAll("25078FROM", String(250_780_000_000 + number % 2_000));
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    return encoder.encode(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
        `content-length: ${
          Buffer.byteLength(body)
        }\r\nx-hub-signature-256: sha256=${signature}\r\n\r\n${body}`,
    );
  };
  const ready = Array.from({ length: REQUESTS_A_SECOND * seconds }, write);
  let taken = 0;
  return () => ready[taken++] ?? write();
}

const decoder = new TextDecoder();

/** Reads one answer to its end. Answers here have a content-length and fit the buffer. */
async function readAnswer(
  connection: Deno.TcpConn,
  buffer: Uint8Array,
): Promise<number> {
  let length = 0;
  for (;;) {
    const read = await connection.read(buffer.subarray(length));
    if (read === null) throw new Error("Cannot go on: the server hung up");
    length += read;
    const text = decoder.decode(buffer.subarray(0, length));
    const head = text.indexOf("\r\n\r\n");
    if (head === -1) continue;
    const size = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (length >= head + 4 + size) return Number(text.slice(9, 12));
  }
}

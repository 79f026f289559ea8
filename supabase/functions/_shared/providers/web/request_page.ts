import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectSecure } from "node:tls";
import { createAnswerParser, type HttpAnswer } from "./parse_http_answer.ts";

export const AGENT = "SwitchboardBot";
const ACCEPTED = "text/html,application/xhtml+xml,text/plain,text/markdown,application/pdf;q=0.9," +
  "*/*;q=0.5";
/** Lines and sizes of chunks beside the body itself. */
const HEAD_ROOM_BYTES = 128 * 1024;

export type Target = {
  url: URL;
  /** Where the host was found to be. The connection goes there and nowhere else. */
  address: string;
  /** Further certificates to trust, as PEM; for tests. */
  certificates?: string;
  /** Where the host's 443 is really served; for tests. */
  port?: number;
};

/**
 * GET over a connection to the very address that was checked, with the host's name in the
 * certificate's check. `fetch` would look the name up again, and could be told another address.
 * @returns `too_large` when the body is more than `limitBytes`
 * @throws Error when there is no connection, no valid certificate, no time or no HTTP
 */
export async function requestPage(
  target: Target,
  { limitBytes, signal }: { limitBytes: number; signal: AbortSignal },
): Promise<HttpAnswer | "too_large"> {
  signal.throwIfAborted();
  const { url } = target;
  const request = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `host: ${url.host}`,
    `user-agent: ${AGENT}/1.0`,
    `accept: ${ACCEPTED}`,
    "accept-encoding: identity",
    "connection: close",
  ].join("\r\n") + "\r\n\r\n";
  const socket = open(target, (opened) => void opened.write(request));
  const abort = () => socket.destroy(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await receive(socket, limitBytes);
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

function open(target: Target, whenOpen: (socket: Socket) => void): Socket {
  const { url, address, certificates, port } = target;
  if (url.protocol === "http:") {
    const given = Number(url.port || 80);
    const socket: Socket = connectPlain({ host: address, port: given }, () => whenOpen(socket));
    return socket;
  }
  const socket: Socket = connectSecure({
    host: address,
    port: port ?? Number(url.port || 443),
    servername: url.hostname,
    ALPNProtocols: ["http/1.1"],
    ...(certificates === undefined ? {} : { ca: certificates }),
  }, () => whenOpen(socket));
  return socket;
}

function receive(socket: Socket, limitBytes: number): Promise<HttpAnswer | "too_large"> {
  return new Promise((resolve, reject) => {
    let bytes = new Uint8Array(16 * 1024);
    let size = 0;
    const parse = createAnswerParser();
    const look = (ended: boolean) => {
      try {
        const answer = parse(bytes.subarray(0, size), ended);
        if (answer !== null) {
          resolve(answer.body.byteLength > limitBytes ? "too_large" : answer);
        }
      } catch (error) {
        reject(error);
      }
    };
    socket.on("data", (part: Uint8Array) => {
      if (size + part.byteLength > limitBytes + HEAD_ROOM_BYTES) return resolve("too_large");
      if (size + part.byteLength > bytes.byteLength) {
        const larger = new Uint8Array(2 * (size + part.byteLength));
        larger.set(bytes.subarray(0, size));
        bytes = larger;
      }
      bytes.set(part, size);
      size += part.byteLength;
      look(false);
    });
    socket.on("end", () => look(true));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection was closed")));
  });
}

import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** `drop` closes the connection without an answer, `hang` never answers. */
export type Answer = Response | "drop" | "hang";

export type RunningServer = { url: string; stop: () => Promise<void> };

/** As large a body as any of the providers takes (a document for a knowledge base). */
const BODY_LIMIT_BYTES = 25 * 1024 * 1024;

/**
 * Serves on 127.0.0.1 (port 0 = any free one). It stands on `node:http` because that can close a
 * connection in the caller's face, which `Deno.serve` can't.
 * Rejects with node's `EADDRINUSE` when the port is taken.
 */
export async function serveHttp(
  port: number,
  handle: (request: Request) => Promise<Answer>,
): Promise<RunningServer> {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const body = await readBody(incoming);
      if (body === null) {
        outgoing.writeHead(413, { connection: "close" }).end();
        return;
      }
      const answer = await handle(toRequest(incoming, body));
      if (answer === "hang") return;
      if (answer === "drop") {
        incoming.socket.destroy();
        return;
      }
      const content = new Uint8Array(await answer.arrayBuffer());
      // Deno's fetch (2.7 and later) silently sends a request again when a connection that it kept
      // open is closed on it. Without kept connections a dropped request is dropped exactly once.
      const headers: Record<string, string> = {
        "content-length": String(content.byteLength),
        connection: "close",
      };
      answer.headers.forEach((value, name) => headers[name] = value);
      outgoing.writeHead(answer.status, headers);
      outgoing.end(content);
    } catch {
      // The caller went away, or the simulator has a defect: either way this connection is over.
      incoming.socket.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = chunk as Uint8Array;
    size += bytes.byteLength;
    if (size > BODY_LIMIT_BYTES) return null;
    chunks.push(bytes);
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

function toRequest(incoming: IncomingMessage, body: Uint8Array): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD" && body.byteLength > 0;
  return new Request(new URL(incoming.url ?? "/", `http://${incoming.headers.host}`), {
    method,
    headers,
    ...(hasBody ? { body: new Uint8Array(body) } : {}),
  });
}

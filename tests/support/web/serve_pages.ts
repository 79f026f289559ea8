import { createServer as createPlain, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo } from "node:net";
import { createCertificates } from "./create_certificates.ts";

export type Page = {
  status?: number;
  type?: string | null;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Writes the answer itself, in place of all above. */
  write?: (response: ServerResponse) => void;
};
/** By host and path, `page.test/prices`; what isn't there is a 404. */
export type Pages = Record<string, Page>;

export type PageServer = AsyncDisposable & {
  port: number;
  authority: string;
  /** The pages that were asked for, `host/path`, in their order. */
  asked: string[];
};

/** Serves pages of several hosts on one port of 127.0.0.1, over https unless said. */
export async function servePages(
  pages: Pages,
  options: { secure?: boolean; hosts?: string[] } = {},
): Promise<PageServer> {
  const { secure = true, hosts = ["page.test", "*.page.test"] } = options;
  const { authority, certificate, key } = await createCertificates(hosts);
  const asked: string[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const name = `${request.headers.host?.replace(/:\d+$/, "")}${request.url}`;
    asked.push(name);
    const page = pages[name] ?? { status: 404, body: "not here" };
    if (page.write) return page.write(response);
    const { status = 200, type = "text/html", headers = {}, body = "" } = page;
    response.writeHead(status, { ...(type === null ? {} : { "content-type": type }), ...headers });
    response.end(body);
  };
  const server = secure ? createSecure({ cert: certificate, key }, answer) : createPlain(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    authority,
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

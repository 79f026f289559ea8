/** Bodies up to this size go on in one piece, with their length; larger ones are streamed. */
const BUFFERED_BYTES = 1024 * 1024;

/** Headers that belong to one connection; `host` and lengths are set anew by fetch. */
const NOT_FORWARDED = [
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "content-length",
];

async function takeBody(request: Request): Promise<BodyInit | null> {
  if (request.body === null) return null;
  const length = request.headers.get("content-length");
  if (length === null || Number(length) > BUFFERED_BYTES) return request.body;
  return await request.bytes();
}

/** A problem document of the gateway itself. */
export function problem(status: number, code: string, detail: string): Response {
  const body = { type: "about:blank", title: code, status, detail, code };
  return Response.json(body, {
    status,
    headers: {
      "content-type": "application/problem+json",
      ...(status === 503 ? { "retry-after": "1" } : {}),
    },
  });
}

/**
 * Sends a request on to a process of the stack and its answer back: method, headers and body bytes
 * unchanged. 503 when nothing listens there, 502 when the connection broke.
 * @param remoteAddress null: who sent it passed it on and has said already where it comes from
 * @param set headers to set on the way
 */
export async function forwardRequest(
  request: Request,
  { url, name, remoteAddress, set = {} }: {
    url: string;
    name: string;
    remoteAddress: string | null;
    set?: Record<string, string>;
  },
): Promise<Response> {
  const headers = new Headers(request.headers);
  for (const header of NOT_FORWARDED) headers.delete(header);
  if (remoteAddress !== null) {
    const forwardedFor = headers.get("x-forwarded-for");
    headers.set(
      "x-forwarded-for",
      forwardedFor === null ? remoteAddress : `${forwardedFor}, ${remoteAddress}`,
    );
    headers.set("x-forwarded-host", headers.get("host") ?? "");
    headers.set("x-forwarded-proto", "http");
  }
  headers.delete("host");
  // fetch would unpack a compressed answer while its headers still call it compressed.
  headers.set("accept-encoding", "identity");
  for (const [header, value] of Object.entries(set)) headers.set(header, value);
  try {
    const response = await fetch(url, {
      method: request.method,
      headers,
      body: await takeBody(request),
      redirect: "manual",
    });
    return new Response(response.body, { status: response.status, headers: response.headers });
  } catch (error) {
    const { cause } = error as { cause?: Error };
    const isDown = /\(Connect\)/.test(cause?.message ?? String(error));
    return isDown
      ? problem(503, "unavailable", `Cannot reach "${name}": it is not running right now`)
      : problem(502, "unavailable", `Cannot reach "${name}": the connection broke`);
  }
}

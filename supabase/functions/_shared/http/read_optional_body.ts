import { readJsonBody } from "./read_json_body.ts";
import { readRawBody } from "./read_raw_body.ts";

const MAX_BYTES = 64 * 1024;

/**
 * A request's JSON; one without a body is an empty object. Only the bytes tell: a server may show an
 * empty stream where a caller sent nothing at all.
 * @throws AppError as `readJsonBody`
 */
export async function readOptionalBody(request: Request): Promise<unknown> {
  const body = await readRawBody(request, { maxBytes: MAX_BYTES });
  if (body.byteLength === 0) return {};
  const { url, method, headers } = request;
  return await readJsonBody(
    new Request(url, { method, headers, body: new Uint8Array(body) }),
    { maxBytes: MAX_BYTES },
  );
}

import { readJsonBody } from "../_shared/http/read_json_body.ts";

/** A request's JSON; one without a body is an empty object. */
export async function readOptionalBody(request: Request): Promise<unknown> {
  const length = request.headers.get("content-length");
  const empty = request.body === null ||
    (length === "0" && !request.headers.has("transfer-encoding"));
  return empty ? {} : await readJsonBody(request);
}

import { readStack } from "./read_stack.ts";

export type FunctionCall = {
  method?: string;
  /** A user's access token. */
  token?: string;
  /** Sent in `apikey`, e.g. the stack's secret key. */
  apiKey?: string;
  headers?: Record<string, string>;
  /** Sent as JSON; a string or bytes are sent as they are. */
  body?: unknown;
  signal?: AbortSignal;
};

export type FunctionAnswer<Body> = {
  status: number;
  headers: Headers;
  /** The body's JSON, else undefined. */
  body: Body;
  text: string;
};

/**
 * Calls a function through the gateway, as a client does.
 * @param path the function's name and route, e.g. `workspace-save/?dry_run=true`
 */
export async function callFunction<Body = Record<string, unknown>>(
  path: string,
  { method, token, apiKey, headers = {}, body, signal }: FunctionCall = {},
): Promise<FunctionAnswer<Body>> {
  const isRaw = typeof body === "string" || body instanceof Uint8Array;
  const response = await fetch(`${readStack().url}/functions/v1/${path}`, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(apiKey === undefined ? {} : { apikey: apiKey }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isRaw ? body as BodyInit : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { status: response.status, headers: response.headers, body: parsed as Body, text };
}

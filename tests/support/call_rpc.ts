import { readStack } from "./read_stack.ts";

/** Calls an SQL function through the data API with the secret key. Throws on any error. */
export async function callRpc<Answer = Record<string, unknown>>(
  name: string,
  request: Record<string, unknown>,
): Promise<Answer> {
  const stack = readStack();
  const response = await fetch(`${stack.url}/rest/v1/rpc/${name}`, {
    method: "POST",
    headers: { apikey: stack.secret_key, "content-type": "application/json" },
    body: JSON.stringify({ request }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot call "${name}": ${response.status} ${text}`);
  return JSON.parse(text) as Answer;
}

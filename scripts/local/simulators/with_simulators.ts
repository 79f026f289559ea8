import { startSimulators } from "./start_simulators.ts";
import type { SimulatorOptions, Simulators } from "./start_simulators.ts";

/** An answer read whole, since every caller looks at both. */
export type Reply = { status: number; headers: Headers; body: unknown };

/** Runs a test against simulators of its own on free ports, and stops them whatever happens. */
export async function withSimulators(
  test: (urls: Simulators["urls"]) => Promise<void>,
  options: SimulatorOptions = {},
): Promise<void> {
  const simulators = await startSimulators(options);
  try {
    await test(simulators.urls);
  } finally {
    await simulators.stop();
  }
}

/** Sends JSON when there is a body. Rejects as `fetch` does when there is no answer. */
export async function send(
  url: string,
  { method, key, body, headers = {}, signal }: {
    method?: string;
    key?: string;
    body?: unknown;
    headers?: Record<string, string>;
    signal?: AbortSignal;
  } = {},
): Promise<Reply> {
  const response = await fetch(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const isJson = (response.headers.get("content-type") ?? "").includes("json");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== "" ? JSON.parse(text) : text,
  };
}

/** Reads a member that a test knows to be there. */
export function member<Value>(value: unknown, name: string): Value {
  return (value as Record<string, Value>)[name] as Value;
}

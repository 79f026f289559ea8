import { readStack } from "./read_stack.ts";

export type SimulatorName = "vapi" | "twilio" | "graph" | "gemini" | "legacy";

/** Asks a simulator's control interface and returns its JSON. Throws when it refuses. */
export async function controlSimulator<Answer = unknown>(
  simulator: SimulatorName,
  method: string,
  { path, body }: { path: string; body?: unknown },
): Promise<Answer> {
  const response = await fetch(`${readStack().simulators[simulator]}/__simulator/${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`Cannot control the ${simulator} simulator: ${response.status} ${text}`);
  }
  return JSON.parse(text) as Answer;
}

import type { Json, JsonObject, VapiPhoneNumber } from "../../ports.ts";
import type { BoundNumber } from "./plan_number_binding.ts";

export type ReleasePlan =
  | { step: "nothing" }
  | { step: "delete"; id: string }
  | { step: "restore"; id: string; body: JsonObject };

/** How a number is known to reach us still: by one of our assistants or by our webhook. */
export type Ours = { assistantIds: string[]; serverUrl: string };

/**
 * Takes a binding back: a number that we imported is deleted, one that was there before gets back
 * what it had. Whatever somebody else has set since is left alone.
 */
export function planNumberRelease(
  actual: VapiPhoneNumber | null,
  recorded: BoundNumber,
  ours: Ours,
): ReleasePlan {
  if (actual === null || actual.id !== recorded.phone_number_id) return { step: "nothing" };
  const { assistant, server } = findOurs(actual, ours);
  if (!assistant && !server) return { step: "nothing" };
  if (recorded.imported) return { step: "delete", id: actual.id };

  const previous = recorded.previous ?? {};
  const body: JsonObject = {};
  if (assistant || actual.assistantId === null) {
    const before = previous.assistantId ?? null;
    if (before !== actual.assistantId) body.assistantId = before;
  }
  if (server) body.server = previous.server ?? null;
  const fallback: Json = actual.fallbackDestination?.number ?? null;
  if (fallback !== null && fallback === recorded.fallback_number) {
    body.fallbackDestination = previous.fallbackDestination ?? null;
  }
  return Object.keys(body).length === 0
    ? { step: "nothing" }
    : { step: "restore", id: actual.id, body };
}

/**
 * What a number had before it was bound, to be restored. Without the headers of its server: they
 * may be secrets, and this is kept in the open.
 */
export function describePrevious(actual: VapiPhoneNumber, ours: Ours): JsonObject | null {
  const found = findOurs(actual, ours);
  const { headers: _, ...server } = actual.server ?? {};
  const previous: JsonObject = {
    ...(actual.assistantId === null || found.assistant ? {} : { assistantId: actual.assistantId }),
    ...(actual.server === null || found.server ? {} : { server }),
    ...(actual.fallbackDestination === null
      ? {}
      : { fallbackDestination: actual.fallbackDestination }),
  };
  return Object.keys(previous).length === 0 ? null : previous;
}

function findOurs(actual: VapiPhoneNumber, ours: Ours): { assistant: boolean; server: boolean } {
  return {
    assistant: actual.assistantId !== null && ours.assistantIds.includes(actual.assistantId),
    server: actual.server?.url === ours.serverUrl,
  };
}

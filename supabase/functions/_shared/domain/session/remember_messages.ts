import type { RememberedMessage } from "../../ports_messaging.ts";

/** What a session keeps of both sides. */
export const REMEMBERED = 20;
const LONGEST = 2_000;

/** The last twenty, oldest first. */
export function rememberMessages(
  before: readonly RememberedMessage[],
  added: readonly RememberedMessage[],
): RememberedMessage[] {
  return [...before, ...added].slice(-REMEMBERED)
    .map((message) => ({ ...message, text: message.text.slice(0, LONGEST).toWellFormed() }));
}

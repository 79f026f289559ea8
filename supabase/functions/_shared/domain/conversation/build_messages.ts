import type { RememberedMessage } from "../../ports_messaging.ts";
import type { ModelMessage } from "../../ports_model.ts";
import { fenceText } from "./fence_text.ts";

/** About 3,000 tokens: what went before matters less the longer ago it was. */
const LONGEST_HISTORY = 12_000;
const LONGEST_MESSAGE = 4_096;
const SPEAKERS = { person: "Person", agent: "You" } as const;

type Spoken = Pick<RememberedMessage, "role" | "text">;

/**
 * The conversation as a model reads it: what went before as one fenced record, the newest of it that
 * fits, then what the person just wrote. The record is data on both sides: what an agent once said
 * quotes people, listings and documents, and as the model's own words it would be believed.
 */
export function buildMessages(
  { history, text }: { history: readonly Spoken[]; text: string },
  { fence }: { fence: string },
): ModelMessage[] {
  const lines: string[] = [];
  let length = 0;
  for (const message of history.toReversed()) {
    const line = writeLine(message);
    length += line.length;
    if (length > LONGEST_HISTORY) break;
    lines.unshift(line);
  }
  const record = `The conversation so far:\n${
    fenceText(lines.join("\n"), { fence, source: "history" })
  }`;
  const now = fenceText(cut(text), { fence, source: "person" });
  return [...(lines.length === 0 ? [] : [record]), now].map((said) => ({
    role: "person" as const,
    text: said,
  }));
}

/** Lines of one message stay below its speaker, so that nobody speaks for the other side. */
function writeLine({ role, text }: Spoken): string {
  return `${SPEAKERS[role]}: ${
    cut(text).split(/\r\n|[\n\r\u2028\u2029\u0085\v\f]/).join("\n    ")
  }`;
}

function cut(text: string): string {
  return text.length > LONGEST_MESSAGE
    ? `${text.slice(0, LONGEST_MESSAGE).toWellFormed()} …`
    : text;
}

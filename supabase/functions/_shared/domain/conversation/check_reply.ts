import { foldText } from "../fold_text.ts";
import { findLinks } from "./find_links.ts";
import type { PromptSecrets } from "./write_prompt.ts";

/** What WhatsApp takes in a text message. */
export const LONGEST_REPLY = 4_096;
/** So many words in a row of the prompt are no chance. */
const LEAKED_WORDS = 9;

export type ReplyRefusal = "empty" | "prompt_leaked" | "fence_leaked" | "unknown_link";

export type CheckedReply = { ok: true; text: string } | { ok: false; reason: ReplyRefusal };

/**
 * Whether what a model wrote may be sent. What is too long is cut at the end of a sentence; what
 * shows the prompt, however it is spaced, or holds a link that came from nowhere, is not sent.
 * @param sources what may be quoted: the results of tools, what the organization says of itself
 */
export function checkReply(
  text: string,
  { prompt, secrets, sources }: {
    prompt: string;
    secrets: PromptSecrets;
    sources: readonly string[];
  },
): CheckedReply {
  const clean = text.normalize("NFC").replace(/\r\n?/g, "\n").replace(/\n{3,}/g, "\n\n").trim()
    .toWellFormed();
  if (clean === "") return { ok: false, reason: "empty" };
  const letters = squeeze(clean);
  const backwards = [...letters].reverse().join("");
  if ([letters, backwards].some((one) => one.includes(squeeze(secrets.canary)))) {
    return { ok: false, reason: "prompt_leaked" };
  }
  if (letters.includes(squeeze(secrets.fence))) return { ok: false, reason: "fence_leaked" };
  if (sharesWords(clean, prompt)) return { ok: false, reason: "prompt_leaked" };
  const known = new Set(sources.flatMap(findLinks));
  if (findLinks(clean).some((link) => !known.has(link))) {
    return { ok: false, reason: "unknown_link" };
  }
  return { ok: true, text: cutAtSentence(clean, LONGEST_REPLY) };
}

/** Without spaces, punctuation, case and accents: "c-a-n-a-r-y" is still the canary. */
function squeeze(text: string): string {
  return foldText(text.normalize("NFKC")).replaceAll(" ", "");
}

function sharesWords(text: string, prompt: string): boolean {
  const runs = new Set(listRuns(prompt));
  return listRuns(text).some((run) => runs.has(run));
}

function listRuns(text: string): string[] {
  const words = foldText(text).split(" ");
  return words.slice(0, Math.max(0, words.length - LEAKED_WORDS + 1))
    .map((_, at) => words.slice(at, at + LEAKED_WORDS).join(" "));
}

function cutAtSentence(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = text.slice(0, limit - 2).toWellFormed();
  const end = Math.max(...[". ", "! ", "? ", "\n"].map((mark) => room.lastIndexOf(mark)));
  return end > limit / 2 ? room.slice(0, end + 1).trim() : `${room.trimEnd()} …`;
}

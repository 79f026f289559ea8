import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY } from "../../scripts/local/repository.ts";
import type { IntentDecision } from "../../supabase/functions/_shared/domain/intent/decide_intent.ts";
import type { FlaggedAgent } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import type { Language } from "../../supabase/functions/_shared/domain/session/service_menu.ts";

/**
 * `tuning`: looked at while the words were chosen. `held_out`: never looked at one by one, but written
 * by whoever chose the words, before or between choosing them. The other two were written after the
 * last change of the words, measured and left alone, and are the honest guess at strangers:
 * `unseen` says plainly what is wanted, `roundabout` hints at it.
 * Whoever changes words because of one of these moves it to `tuning` and writes a new one.
 */
export const PARTS = ["tuning", "held_out", "unseen", "roundabout"] as const;

export type Utterance = {
  text: string;
  language: Language;
  agent: FlaggedAgent | "greeting" | "none";
  part: typeof PARTS[number];
};

/** The labelled set; what names no part is for tuning. */
export async function readUtterances(): Promise<Utterance[]> {
  const text = await readFile(join(REPOSITORY, "tests/intent/utterances.json"), "utf8");
  const rows = JSON.parse(text) as (Omit<Utterance, "part"> & Partial<Utterance>)[];
  return rows.map((row) => ({ ...row, part: row.part ?? "tuning" }));
}

export type Judgement = {
  understood: FlaggedAgent | "talk" | "asked";
  /** `asked`: not right, but nothing is done about it either. */
  verdict: "right" | "wrong" | "asked";
};

/** A greeting and nonsense are understood where support or nobody is meant. */
export function judge({ agent }: Utterance, decision: IntentDecision): Judgement {
  const understood = decision.kind === "agent"
    ? decision.agent
    : decision.kind === "talk"
    ? "talk"
    : "asked";
  const isCalm = decision.kind !== "agent" || decision.agent === "support";
  const isRight = agent === "greeting" || agent === "none" ? isCalm : understood === agent;
  return {
    understood,
    verdict: isRight ? "right" : decision.kind === "agent" ? "wrong" : "asked",
  };
}

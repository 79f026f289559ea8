/** Dead letters, whatever died: what looking through them and running them again needs. */

import type { Json, JsonObject } from "./ports.ts";

export type DeadLetterSource = "whatsapp" | "vapi" | "outbox" | "job" | "legacy";

export type DeadLetterRow = {
  id: string;
  org_id: string | null;
  source: DeadLetterSource;
  source_id: string;
  reason: string;
  attempts: number;
  dead_lettered_at: string;
  /** When it was settled: run again, or dismissed. */
  replayed_at: string | null;
  dismissed_at: string | null;
  dismissal_reason: string | null;
};

export type ReplayResult =
  /** It is queued again. */
  | { code: "replayed"; source: DeadLetterSource; source_id: string }
  /** Whoever asks does it, and records what came of it. */
  | {
    code: "to_process";
    source: DeadLetterSource;
    source_id: string;
    org_id: string | null;
    /** The body that was kept, or its text where a row can't keep it as it is. */
    payload: JsonObject & { body?: Json; text?: Json };
  }
  /** Gone: nothing is left to run again, so that it was dismissed. */
  | { code: "already_replayed" | "gone"; source: DeadLetterSource; source_id: string }
  | { code: "not_found" };

export type DismissResult =
  /** Nobody has to look at it any more; said twice it is as it was. */
  | { code: "dismissed" | "already_replayed"; source: DeadLetterSource; source_id: string }
  | { code: "not_found" };

export type DeadLetterStore = {
  /** The newest first; `before` is the last one of the page before, or its id alone. */
  listDeadLetters(input: {
    source: DeadLetterSource | null;
    org_id: string | null;
    /** Those that were run again or dismissed as well. */
    replayed: boolean;
    before: { at: string; id: string } | string | null;
    limit: number;
  }): Promise<DeadLetterRow[]>;
  replayDeadLetter(input: { id: string; request_id: string }): Promise<ReplayResult>;
  recordReplay(input: { id: string; request_id: string; error: string | null }): Promise<void>;
  /** `user_id` is who does it, as the audit log is to say it. */
  dismissDeadLetter(
    input: { id: string; reason: string; user_id: string; request_id: string },
  ): Promise<DismissResult>;
};

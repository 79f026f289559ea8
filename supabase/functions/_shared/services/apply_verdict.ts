import type { Verdict } from "../domain/outbox/judge_refusal.ts";
import type { RecordSentInput, SendResult } from "../ports_messaging.ts";

/** What became of one message. */
export type Settled = {
  result: Omit<SendResult, "org_id" | "contact_id" | "fencing_token" | "id">;
  /** ISO; nothing more is sent to this contact before. */
  stopUntil?: string;
};

/** What a refusal means beyond its message; added to while messages are settled. */
export type Consequences = Pick<RecordSentInput, "opted_out" | "pauses" | "failed_integrations">;

const TOKEN_PAUSE_SECONDS = 300;

/**
 * What follows from a refusal, whether it was the answer to the send or came in a status afterwards.
 * `window_closed` is for the caller, who knows whether a template is left to try.
 */
export function applyVerdict(
  verdict: Verdict,
  { refused, fingerprint, report, at }: {
    refused: { org_id: string; contact_id: string; code: number | null; reason: string };
    /** Of the token that it was sent with. */
    fingerprint: string | null;
    report: Consequences;
    at: (seconds: number) => string;
  },
): Settled | "window_closed" {
  const { org_id, contact_id, code, reason } = refused;
  const why = { error_code: code, error: reason };
  const pause = (seconds: number): Settled => {
    report.pauses.push({ org_id, seconds, reason });
    const retry_at = at(seconds);
    return { result: { outcome: "held", retry_at, ...why }, stopUntil: retry_at };
  };
  const failIntegration = () =>
    report.failed_integrations.push({ org_id, fingerprint, error: reason });
  switch (verdict.kind) {
    case "back_off": {
      const retry_at = at(verdict.seconds);
      return { result: { outcome: "retry", retry_at, ...why }, stopUntil: retry_at };
    }
    case "pause":
      if (verdict.alert) failIntegration();
      return pause(verdict.seconds);
    case "token_bad":
      failIntegration();
      return pause(TOKEN_PAUSE_SECONDS);
    case "opted_out":
      report.opted_out.push({ org_id, contact_id });
      return { result: { outcome: "failed", ...why } };
    case "window_closed":
      return "window_closed";
    case "recipient_unsupported":
    case "never":
      return { result: { outcome: "failed", ...why } };
  }
}

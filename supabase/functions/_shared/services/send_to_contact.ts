import { judgeRefusal } from "../domain/outbox/judge_refusal.ts";
import type { OutboundContent } from "../domain/outbox/outbound_content.ts";
import { planSend, replaceByTemplate, WINDOW_CLOSED_CODE } from "../domain/outbox/plan_send.ts";
import type { Clock } from "../ports.ts";
import type {
  ClaimedSend,
  MessageSender,
  OutboundMessage,
  RecordSentInput,
  SenderRow,
  SendOutcome,
} from "../ports_messaging.ts";
import { applyVerdict, type Settled } from "./apply_verdict.ts";

/** What record_sent is told of many contacts at once. */
export type SendReport = Omit<
  RecordSentInput,
  "lease_seconds" | "max_attempts"
>;

export function createReport(): SendReport {
  return {
    results: [],
    opted_out: [],
    pauses: [],
    failed_integrations: [],
    provider_calls: [],
  };
}

const UNREACHABLE_SECONDS = 10;

/**
 * Sends one contact's claimed messages in their order and adds what became of each to the report.
 * What can't be sent now holds back what is behind it, so that nothing overtakes; what can't be
 * decided does not: it is never sent again.
 */
export async function sendToContact(
  sender: MessageSender,
  { send, row, clock, report }: {
    send: ClaimedSend;
    row: SenderRow;
    clock: Clock;
    report: SendReport;
  },
): Promise<void> {
  let stopUntil: string | undefined;
  for (const message of send.messages) {
    const settled: Settled = stopUntil === undefined
      ? await sendMessage(sender, { message, send, row, now: clock(), report })
      : { result: { outcome: "held", retry_at: stopUntil } };
    addResult(report, send, message.id, settled.result);
    stopUntil ??= settled.stopUntil;
  }
}

/** Gives every message of a contact back unsent; it costs none of them an attempt. */
export function holdAll(
  report: SendReport,
  send: ClaimedSend,
  { until, error }: { until: number; error?: string },
): void {
  const retry_at = new Date(until).toISOString();
  for (const { id } of send.messages) {
    addResult(report, send, id, {
      outcome: "held",
      retry_at,
      ...(error === undefined ? {} : { error }),
    });
  }
}

function addResult(
  report: SendReport,
  send: ClaimedSend,
  id: string,
  result: Settled["result"],
): void {
  const { org_id, contact_id, fencing_token } = send;
  report.results.push({ org_id, contact_id, fencing_token, id, ...result });
}

type Context = {
  message: OutboundMessage;
  send: ClaimedSend;
  row: SenderRow;
  now: number;
  report: SendReport;
};

async function sendMessage(
  sender: MessageSender,
  context: Context,
): Promise<Settled> {
  const { message, send, row, now } = context;
  const plan = planSend(message, {
    recipient: send.recipient,
    settings: row.settings,
    now,
  });
  switch (plan.kind) {
    case "cancel":
      return { result: { outcome: "cancelled", error: plan.reason } };
    case "fail":
      return {
        result: {
          outcome: "failed",
          error_code: plan.code,
          error: plan.reason,
        },
      };
    case "hold":
      // Only what is begun by us waits; a reply behind it is in another lane.
      return {
        result: {
          outcome: "held",
          retry_at: new Date(plan.until).toISOString(),
          error: plan.reason,
        },
      };
    case "send":
      return await deliver(sender, context, {
        content: plan.message,
        replaced: plan.replaced,
      });
  }
}

async function deliver(
  sender: MessageSender,
  context: Context,
  { content, replaced }: { content: OutboundContent; replaced: boolean },
): Promise<Settled> {
  const { message, send, row, now, report } = context;
  const outcome = await sender.send({
    ...content,
    to: send.recipient,
    rowId: message.id,
    // A template begins something new.
    replyToWamid: replaced ? null : message.reply_to_wamid,
  });
  const settled = settle(outcome);
  if (settled === "window_closed") {
    const plan = replaced ? null : replaceByTemplate(row.settings);
    if (plan?.kind === "send") {
      return await deliver(sender, context, {
        content: plan.message,
        replaced: true,
      });
    }
    const error = plan?.kind === "fail" ? plan.reason : "the template was refused as well";
    return {
      result: { outcome: "failed", error_code: WINDOW_CLOSED_CODE, error },
    };
  }
  if (!replaced || settled.result.outcome !== "sent") return settled;
  const { type, content: sent } = content;
  return {
    ...settled,
    result: { ...settled.result, type, content: { ...sent } },
  };

  function settle(outcome: SendOutcome): Settled | "window_closed" {
    const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
    switch (outcome.kind) {
      case "accepted":
        return { result: { outcome: "sent", wamid: outcome.wamid } };
      case "undecided":
        return { result: { outcome: "unknown", error: outcome.reason } };
      case "not_sent": {
        const retry_at = at(outcome.retryAfterSeconds ?? UNREACHABLE_SECONDS);
        return {
          result: { outcome: "held", retry_at, error: outcome.reason },
          stopUntil: retry_at,
        };
      }
      case "refused":
        return applyVerdict(judgeRefusal(outcome, message.attempts), {
          refused: { ...send, code: outcome.code, reason: outcome.reason },
          fingerprint: row.whatsapp?.fingerprint ?? null,
          report,
          at,
        });
    }
  }
}

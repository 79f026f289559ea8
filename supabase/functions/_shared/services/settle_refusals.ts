import { judgeRefusal } from "../domain/outbox/judge_refusal.ts";
import { replaceByTemplate } from "../domain/outbox/plan_send.ts";
import type { Clock, Logger } from "../ports.ts";
import type {
  OutboxStore,
  Refusal,
  SenderRow,
  SettledRefusal,
  SettleRefusalsInput,
} from "../ports_messaging.ts";
import { applyVerdict, type Consequences } from "./apply_verdict.ts";
import { MAX_SEND_ATTEMPTS } from "./send_claimed.ts";

const LIMIT = 50;
/** What is left waits for the next run. */
const ROUNDS = 20;

/**
 * Decides what follows from messages that WhatsApp took and refused in a status afterwards, by the table
 * that decides refusals of the send itself. Two that do this at once decide the same, and it takes effect once.
 */
export async function settleRefusals(
  { outbox, clock, logger }: { outbox: OutboxStore; clock: Clock; logger: Logger },
): Promise<{ settled: number }> {
  let total = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const { refusals, senders } = await outbox.listRefusals({ limit: LIMIT });
    if (refusals.length === 0) break;
    const input = decideRefusals(refusals, { senders, now: clock() });
    const { settled } = await outbox.settleRefusals(input);
    for (const { org_id, error } of input.failed_integrations) {
      logger.critical("WhatsApp refuses the organization's token or account", { org_id, error });
    }
    total += settled;
  }
  if (total > 0) logger.info("Refused messages settled", { settled: total });
  return { settled: total };
}

/** @param now milliseconds since 1970 */
export function decideRefusals(
  refusals: Refusal[],
  { senders, now }: { senders: { [orgId: string]: SenderRow }; now: number },
): SettleRefusalsInput {
  const input: SettleRefusalsInput = {
    max_attempts: MAX_SEND_ATTEMPTS,
    results: [],
    opted_out: [],
    pauses: [],
    failed_integrations: [],
  };
  for (const refusal of refusals) {
    const { org_id, contact_id, id, wamid } = refusal;
    const result = decide(refusal, { sender: senders[org_id], now, report: input });
    input.results.push({ org_id, contact_id, id, wamid, ...result });
  }
  // Without a fingerprint nobody knows which token was refused, and a newer one may be fine.
  input.failed_integrations = input.failed_integrations.filter(({ fingerprint }) =>
    fingerprint !== null
  );
  return input;
}

type Decided = Omit<SettledRefusal, "org_id" | "contact_id" | "id" | "wamid">;

function decide(
  { org_id, contact_id, type, attempts, fingerprint, error_code: code, error }: Refusal,
  { sender, now, report }: { sender: SenderRow | undefined; now: number; report: Consequences },
): Decided {
  const at = (seconds: number) => new Date(now + seconds * 1000).toISOString();
  const verdict = judgeRefusal({ code, status: null, retryAfterSeconds: null }, attempts);
  const settled = applyVerdict(verdict, {
    refused: { org_id, contact_id, code, reason: error ?? "WhatsApp gave no reason" },
    fingerprint,
    report,
    at,
  });
  if (settled === "window_closed") {
    const plan = type === "template" || sender === undefined
      ? null
      : replaceByTemplate(sender.settings);
    if (plan?.kind !== "send") return { outcome: "failed" };
    const { message } = plan;
    return {
      outcome: "held",
      retry_at: at(0),
      type: message.type,
      content: { ...message.content },
    };
  }
  const { outcome, retry_at } = settled.result;
  if (outcome !== "retry" && outcome !== "held") return { outcome: "failed" };
  return { outcome, ...(retry_at === undefined ? {} : { retry_at }) };
}

import type { TurnDecision, TurnInput } from "../domain/session/decide_turn.ts";
import { evaluateFlags, isAgentEnabled } from "../domain/rollout/evaluate_flags.ts";
import { findQuestion } from "../domain/session/find_question.ts";
import type {
  ClaimedTurn,
  CompleteTurnInput,
  MessageSender,
  SenderRow,
  TurnKey,
  TurnStore,
} from "../ports_messaging.ts";
import { INTERNAL_CATEGORY } from "../ports_knowledge.ts";
import type { SearchKnowledge } from "../ports_knowledge_sync.ts";
import { type CallLog, createCallLog } from "./call_log.ts";
import type { ReadFlags } from "./keep_flags.ts";
import { SEND_LEASE_SECONDS, sendClaimed, type SendPorts } from "./send_claimed.ts";

export type TurnPorts = SendPorts & {
  turns: TurnStore;
  searchKnowledge: SearchKnowledge;
  readFlags: ReadFlags;
  /** Decides a whole turn. Whatever it throws fails the turn, which is tried again. */
  decide: (
    input: TurnInput,
    signal: AbortSignal,
  ) => TurnDecision | Promise<TurnDecision>;
  /** False silences the agents: messages are stored and wait. */
  agentsEnabled: boolean;
  /** Longest time of a turn's decision. */
  timeoutSeconds: number;
};

export const MAX_TURN_ATTEMPTS = 5;
/** More turns than this in a row are left to the next claim, so that one contact can't hold a worker. */
const LONGEST_RUN = 20;
const LONGEST_COURTESY_MILLISECONDS = 1_000;
const SEARCH_MILLISECONDS = 4_000;
const HITS = 3;

export function turnLeaseSeconds(timeoutSeconds: number): number {
  return timeoutSeconds + 15;
}

/**
 * Answers what one contact has waiting: claim, decide, complete, send, record. Three calls of the
 * database a turn, and one more for a question where there are documents. Goes on while more is waiting; stops when somebody else has the contact's turn.
 */
export async function runTurn(ports: TurnPorts, key: TurnKey): Promise<void> {
  for (let run = 0; run < LONGEST_RUN; run += 1) {
    const claim = await ports.turns.claimTurn({
      ...key,
      lease_seconds: turnLeaseSeconds(ports.timeoutSeconds),
      max_attempts: MAX_TURN_ATTEMPTS,
    });
    if (claim.code !== "claimed") return;
    const { again } = await finishTurn(ports, claim);
    if (!again) return;
  }
}

/** The part of a turn after its claim. `again`: more of the same contact is waiting. */
export async function finishTurn(
  ports: TurnPorts,
  { turn, flags, sender }: {
    turn: ClaimedTurn;
    flags: unknown;
    sender: SenderRow;
  },
): Promise<{ again: boolean }> {
  const { org_id, contact_id, fencing_token } = turn;
  const correlation_id = crypto.randomUUID();
  const logger = ports.logger.with({ org_id, contact_id, correlation_id });
  const began = ports.clock();
  const calls = createCallLog();
  const decision = evaluateFlags(ports.readFlags(flags), {
    orgId: org_id,
    rolloutKey: turn.contact.rollout_key,
  });
  const typing = decision.inside ? showTyping({ ...ports, logger }, { turn, sender, calls }) : null;

  const decided = await decide({ ...ports, logger }, {
    turn,
    flags: decision,
    settings: sender.settings,
    now: began,
  });
  const completed = await ports.turns.completeTurn({
    org_id,
    contact_id,
    fencing_token,
    correlation_id,
    max_attempts: MAX_TURN_ATTEMPTS,
    send_lease_seconds: SEND_LEASE_SECONDS,
    ...decided,
    events: decided.events.map((event) => ({
      ...event,
      duration_ms: ports.clock() - began,
    })),
  });
  if (completed.code === "lease_lost") {
    logger.warn("The turn's lease was lost: somebody else answers");
    return { again: false };
  }
  const connected = await typing;
  await sendClaimed({ ...ports, logger }, {
    sends: completed.send === null ? [] : [completed.send],
    senders: { [org_id]: sender },
    connected: new Map(connected ? [[org_id, connected]] : []),
    calls,
  });
  return { again: completed.again };
}

type Decided = Pick<
  CompleteTurnInput,
  | "outcome"
  | "error"
  | "session"
  | "outbound"
  | "events"
  | "opt"
  | "retry_after_seconds"
>;

async function decide(ports: TurnPorts, input: TurnInput): Promise<Decided> {
  const signal = AbortSignal.timeout(ports.timeoutSeconds * 1000);
  try {
    const late = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => late.reject(signal.reason), {
      once: true,
    });
    // Settled or not, nobody listens any more: it must not count as unhandled.
    late.promise.catch(() => {});
    const work = async () => {
      const found = await findAnswer(ports, input, signal);
      return await ports.decide({ ...input, found }, signal);
    };
    return {
      error: null,
      ...await Promise.race([work(), late.promise]),
    };
  } catch (error) {
    ports.logger.error("The turn failed", { error });
    const message = error instanceof Error ? error.message.slice(0, 500) : "unknown error";
    const attempts = Math.max(...input.turn.messages.map((waiting) => waiting.attempts)) + 1;
    return {
      outcome: "failed",
      error: message,
      retry_after_seconds: Math.min(300, 2 ** attempts),
      session: null,
      outbound: [],
      opt: null,
      events: [{
        event_type: "turn",
        outcome: "failed",
        message_count: input.turn.messages.length,
        error: message,
      }],
    };
  }
}

/** In the organization of the conversation. Whatever fails, the menu is the answer. */
async function findAnswer(
  { searchKnowledge, logger }: TurnPorts,
  { turn, flags, settings }: TurnInput,
  signal: AbortSignal,
): Promise<NonNullable<TurnInput["found"]> | null> {
  if (!isAgentEnabled(flags, "support") || settings.has_knowledge !== true) return null;
  const question = findQuestion(turn.messages);
  if (question === null) return null;
  try {
    const answer = await searchKnowledge(
      {
        org_id: turn.org_id,
        query: question,
        limit: HITS,
        except_category: INTERNAL_CATEGORY,
      },
      { signal: AbortSignal.any([signal, AbortSignal.timeout(SEARCH_MILLISECONDS)]) },
    );
    return { question, answer };
  } catch (error) {
    logger.error("Documents could not be searched", { error });
    return null;
  }
}

/**
 * Blue ticks and "typing…" while the answer is made. A courtesy: the answer waits for it only as long
 * as it takes not to be overtaken, since "typing…" behind the answer would stay on.
 * Answers the sender, so that its credentials are opened once.
 */
async function showTyping(
  ports: TurnPorts,
  { turn, sender, calls }: {
    turn: ClaimedTurn;
    sender: SenderRow;
    calls: CallLog;
  },
): Promise<MessageSender | null> {
  const last = turn.messages.at(-1);
  if (sender.whatsapp === null || last === undefined) return null;
  try {
    const connected = await ports.connectSender(
      sender,
      calls.recorderOf(turn.org_id),
    );
    if (last.wamid.startsWith("wamid.")) {
      await waitAtMost(
        connected.markRead(last.wamid, { typing: true }),
        LONGEST_COURTESY_MILLISECONDS,
      );
    }
    return connected;
  } catch (error) {
    ports.logger.critical("Cannot open the WhatsApp credentials", { error });
    return null;
  }
}

async function waitAtMost(
  work: Promise<void>,
  milliseconds: number,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

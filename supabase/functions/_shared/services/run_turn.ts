import type { TurnInput } from "../domain/orchestrator/turn_input.ts";
import { evaluateFlags, type FlagDecision } from "../domain/rollout/evaluate_flags.ts";
import type {
  ClaimedTurn,
  CompleteTurnInput,
  MessageSender,
  SenderRow,
  TurnKey,
  TurnStore,
  WaitingMessage,
} from "../ports_messaging.ts";
import type { RecordProviderCall } from "../ports.ts";
import type { LanguageModel } from "../ports_model.ts";
import { type CallLog, createCallLog } from "./call_log.ts";
import { countModelUsage } from "./count_model_usage.ts";
import { driveTurn, type LoadDecision } from "./drive_turn.ts";
import type { ReadFlags } from "./keep_flags.ts";
import type { ReadPorts } from "./read_for_tools.ts";
import { SEND_LEASE_SECONDS, sendClaimed, type SendPorts } from "./send_claimed.ts";
import { timeDecision } from "./time_decision.ts";
import { SwitchedOff, watchSwitch } from "./watch_switch.ts";

export type TurnPorts = SendPorts & ReadPorts & {
  /** Null where none is configured: agents go by keywords and flows. */
  model: LanguageModel | null;
  turns: TurnStore;
  readFlags: ReadFlags;
  /** What decides a turn, with all agents: comes with the first one, an acknowledgement doesn't wait. */
  loadDecision: LoadDecision;
  /** False silences the agents: messages are stored and wait. */
  agentsEnabled: boolean;
  /** Longest time of a turn's decision. */
  timeoutSeconds: number;
};

export const MAX_TURN_ATTEMPTS = 5;
/** More turns than this in a row are left to the next claim, so that one contact can't hold a worker. */
const LONGEST_RUN = 20;
const LONGEST_COURTESY_MILLISECONDS = 1_000;
/** Decisions of one turn whose effects were refused. */
const MOST_DECISIONS = 3;

export function turnLeaseSeconds(timeoutSeconds: number): number {
  return timeoutSeconds + 15;
}

/**
 * Answers what one contact has waiting: claim, decide, complete, send, record. Three calls of the
 * database a turn, and one more for all that its tools read. Goes on while more is waiting; stops when
 * somebody else has the contact's turn, or a person of the organization answers.
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
  const decision = keepArrival(evaluateFlags(ports.readFlags(flags), {
    orgId: org_id,
    rolloutKey: turn.contact.rollout_key,
    names: [turn.contact.phone, turn.contact.bsuid].filter((name) => name !== null),
  }));
  const typing = decision.inside ? showTyping({ ...ports, logger }, { turn, sender, calls }) : null;

  const input: TurnInput = {
    turn,
    flags: decision,
    settings: sender.settings,
    now: began,
    newId: () => crypto.randomUUID(),
    has_model: ports.model !== null && (turn.limits?.tokens_left ?? 1) > 0,
  };
  const record = calls.recorderOf(org_id);
  const counted = ports.model === null ? null : countModelUsage(ports.model);
  const watched = watchSwitch(ports.agentData, turn, ports.clock);
  const deciding = {
    ...ports,
    logger,
    agentData: watched.agentData,
    model: counted === null ? null : watched.watch(counted.model),
  };
  // One time for all decisions of the turn: its lease is not longer for those that are refused.
  const time = {
    began: performance.now(),
    signal: AbortSignal.any([AbortSignal.timeout(ports.timeoutSeconds * 1_000), watched.signal]),
  };
  const complete = (decided: Decided) => {
    const spent = ports.clock() - began;
    return ports.turns.completeTurn({
      org_id,
      contact_id,
      fencing_token,
      correlation_id,
      send_lease_seconds: SEND_LEASE_SECONDS,
      ...decided,
      events: decided.events.map((event, place) => ({
        ...event,
        // What was paid for all decisions of the turn, also those that came to nothing.
        ...(place === 0 ? counted?.read() : null),
        duration_ms: spent,
        // A decision knows how long the person had waited when it began; they waited for it as well.
        ...(typeof event.response_ms === "number" && { response_ms: event.response_ms + spent }),
      })),
    });
  };

  let completed = await complete(await decide(deciding, input, { time, record }));
  for (let again = 1; completed.code === "refused"; again += 1) {
    const { refusals, is_switched_off = false } = completed;
    watched.tell(is_switched_off);
    logger.info("A turn's effects were refused", { codes: refusals.map(({ code }) => code) });
    completed = await complete(
      again < MOST_DECISIONS || is_switched_off
        ? await decide(deciding, { ...input, refusals }, { time, record })
        : {
          ...await describeFailure(
            ports,
            { ...input, turn: { ...turn, messages: turn.messages.map(giveUp) } },
            "Cannot complete the turn: its effects were refused again and again",
          ),
          // It has been answered: decided once more it might act after all.
          max_attempts: 1,
        },
    );
  }
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

/**
 * Whether these messages are inside the rollout was decided when they were stored: only then do they wait
 * for a turn. A percentage that was lowered since is for the next ones; the kill switch and the deny list
 * are for these as well.
 */
function keepArrival(decision: FlagDecision): FlagDecision {
  return decision.reason === "outside_percent" ? { ...decision, inside: true } : decision;
}

type Decided = Pick<
  CompleteTurnInput,
  | "outcome"
  | "error"
  | "session"
  | "outbound"
  | "effects"
  | "events"
  | "retry_after_seconds"
  | "max_attempts"
>;

/**
 * Decides a turn within its time. What an agent does wrong with a message is final: its polite line is
 * the answer, and the message is kept as failed. What only can't be reached now is tried again, in silence until the
 * last time.
 */
async function decide(
  ports: TurnPorts,
  input: TurnInput,
  { time, record }: {
    time: { began: number; signal: AbortSignal };
    record: RecordProviderCall;
  },
): Promise<Decided> {
  const { signal } = time;
  try {
    signal.throwIfAborted();
    const late = Promise.withResolvers<never>();
    signal.addEventListener("abort", () => late.reject(signal.reason), {
      once: true,
    });
    // Settled or not, nobody listens any more: it must not count as unhandled.
    late.promise.catch(() => {});
    const work = async () =>
      driveTurn(ports, timeDecision((await ports.loadDecision()).decideTurn, ports.clock), {
        input,
        ...time,
        record,
      });
    const decided = await Promise.race([work(), late.promise]);
    if (decided.outcome === "failed") {
      ports.logger.error("An agent failed", {
        agent: decided.events[0]?.agent,
        error: decided.error,
      });
    }
    if (decided.outcome !== "failed") return { ...decided, max_attempts: MAX_TURN_ATTEMPTS };
    // Of several messages only one may be at fault: each is taken alone, and nothing is said before.
    return input.turn.messages.length === 1 ? { ...decided, max_attempts: 1 } : {
      ...decided,
      // Whoever fails with one of them alone is blamed then.
      events: decided.events.map((event) => ({ ...event, agent: null })),
      session: null,
      outbound: [],
      retry_after_seconds: 1,
      max_attempts: MAX_TURN_ATTEMPTS,
    };
  } catch (error) {
    if (signal.reason instanceof SwitchedOff) {
      ports.logger.warn("The service was switched off while a turn was being decided");
      const flags = { ...input.flags, inside: false, reason: "switched_off" as const };
      // Whoever is outside is handed on: nothing is asked for, so that nothing has time to fail.
      const { decideTurn } = await ports.loadDecision();
      const outside = { input: { ...input, flags }, signal };
      return { ...await driveTurn(ports, decideTurn, outside), max_attempts: MAX_TURN_ATTEMPTS };
    }
    ports.logger.error("The turn failed", { error });
    const message = error instanceof Error ? error.message.slice(0, 500) : "unknown error";
    return await describeFailure(ports, input, message);
  }
}

async function describeFailure(
  { loadDecision }: TurnPorts,
  { turn, settings }: TurnInput,
  error: string,
): Promise<Decided> {
  const attempts = Math.max(...turn.messages.map((waiting) => waiting.attempts)) + 1;
  const said = attempts < MAX_TURN_ATTEMPTS
    ? []
    : [(await loadDecision()).writeFailure(turn.session.context["language"], settings.language)];
  return {
    outcome: "failed",
    error,
    retry_after_seconds: Math.min(300, 2 ** attempts),
    max_attempts: MAX_TURN_ATTEMPTS,
    session: null,
    outbound: said,
    effects: [],
    events: [{
      event_type: "turn",
      outcome: "failed",
      // What could not be reached is no agent's fault: none is switched off for it.
      agent: null,
      message_count: turn.messages.length,
      error,
    }],
  };
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
  if (sender.whatsapp === null || sender.sink === true || last === undefined) return null;
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

/** As many attempts as there are. */
function giveUp(message: WaitingMessage): WaitingMessage {
  return { ...message, attempts: MAX_TURN_ATTEMPTS };
}

import { decideTurn } from "../../supabase/functions/_shared/domain/session/decide_turn.ts";
import { SAFE_FLAGS } from "../../supabase/functions/_shared/domain/rollout/parse_flags.ts";
import type { Clock, Logger } from "../../supabase/functions/_shared/ports.ts";
import type { TurnPorts } from "../../supabase/functions/_shared/services/run_turn.ts";

/** Queues in which nothing ever waits, for tests of other things. */
export function createMessaging({ clock, logger }: { clock: Clock; logger: Logger }): TurnPorts {
  return {
    turns: {
      claimTurn: () => Promise.resolve({ code: "nothing" }),
      claimDueTurns: () => Promise.resolve({ turns: [], flags: null, senders: {} }),
      completeTurn: () => Promise.resolve({ code: "lease_lost" }),
    },
    outbox: {
      claimOutbound: () => Promise.resolve({ sends: [], senders: {} }),
      recordSent: () => Promise.resolve({ lost: [], sends: [] }),
      listRefusals: () => Promise.resolve({ refusals: [], senders: {} }),
      settleRefusals: () => Promise.resolve({ settled: 0 }),
      expireMessages: () => Promise.resolve({}),
    },
    connectSender: () => Promise.reject(new Error("Cannot send: nothing is ever claimed here")),
    readFlags: () => SAFE_FLAGS,
    decide: decideTurn,
    searchKnowledge: () => Promise.resolve({ mode: "text", hits: [] }),
    agentsEnabled: true,
    timeoutSeconds: 30,
    clock,
    logger,
  };
}

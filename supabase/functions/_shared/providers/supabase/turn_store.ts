import * as z from "zod";
import type { TurnStore } from "../../ports_messaging.ts";
import type { Database } from "./create_database.ts";
import { claimedSend, claimedTurn, senderRow } from "./message_rows.ts";
import { leaseLost } from "./rows.ts";

const claimed = z.looseObject({
  code: z.enum(["claimed", "held", "waiting", "nothing"]),
  // Only where a turn was claimed.
  flags: z.unknown().optional(),
  sender: senderRow.nullish(),
});
const due = z.object({
  code: z.literal("claimed"),
  turns: z.array(claimedTurn),
  flags: z.unknown(),
  senders: z.record(z.string(), senderRow),
});
const completed = z.discriminatedUnion("code", [
  z.object({ code: z.literal("completed"), again: z.boolean(), send: claimedSend.nullable() }),
  leaseLost,
]);

export function createTurnStore(database: Database): TurnStore {
  return {
    // Not tried again: the lease of a lost answer runs out and the worker takes the turn.
    async claimTurn(input) {
      const answer = await database.callFunction("claim_turn", input, claimed);
      const { code, flags, sender } = answer;
      if (code !== "claimed") return { code };
      return { code, turn: claimedTurn.parse(answer), flags, sender: senderRow.parse(sender) };
    },
    async claimDueTurns(input) {
      const { turns, flags, senders } = await database.callFunction("claim_due_turns", input, due);
      return { turns, flags, senders };
    },
    // Repeated after a lost answer it writes nothing and gives the same answer.
    completeTurn: (input) =>
      database.callFunction("complete_turn", input, completed, { idempotent: true }),
  };
}

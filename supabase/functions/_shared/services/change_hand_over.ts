import type { HandOver, HandOverStore } from "../ports_supervision.ts";
import { refuseSupervision } from "./refuse_supervision.ts";

type Change = { orgId: string; userId: string; requestId: string; id: string };

const describe = ({ orgId, userId, requestId, id }: Change) => ({
  org_id: orgId,
  user_id: userId,
  request_id: requestId,
  hand_over_id: id,
});

/**
 * A person takes a conversation; of two at once one has it, and whoever has it may take it again.
 * @throws AppError `conflict` (another has it, or it was given back), `forbidden`, `not_found`
 */
export async function takeHandOver(
  { handOvers }: { handOvers: Pick<HandOverStore, "takeHandOver"> },
  change: Change,
): Promise<{ handOver: HandOver }> {
  const taken = await handOvers.takeHandOver(describe(change));
  if (taken.code !== "taken") throw refuseSupervision(`take hand-over "${change.id}"`, taken);
  return { handOver: taken.hand_over };
}

/**
 * What a person says goes out by the outbox, once for each `replyId`.
 * @throws AppError `outside_window`, `conflict` (not theirs, or the person has opted out), `forbidden`,
 * `not_found`
 */
export async function replyToHandOver(
  { handOvers }: { handOvers: Pick<HandOverStore, "replyToHandOver"> },
  { replyId, text, ...change }: Change & { replyId: string; text: string },
): Promise<{ messageId: string }> {
  const replied = await handOvers.replyToHandOver({
    ...describe(change),
    reply_id: replyId,
    text,
  });
  if (replied.code === "queued") return { messageId: replied.message_id };
  throw refuseSupervision(`reply to hand-over "${change.id}"`, replied);
}

/**
 * Gives a conversation back to the agents; the person is told while WhatsApp lets us.
 * @throws AppError `conflict` (another has it, and the asker is no admin), `forbidden`, `not_found`
 */
export async function releaseHandOver(
  { handOvers }: { handOvers: Pick<HandOverStore, "releaseHandOver"> },
  change: Change,
): Promise<{ told: boolean }> {
  const released = await handOvers.releaseHandOver(describe(change));
  if (released.code === "released") return { told: released.told };
  throw refuseSupervision(`release hand-over "${change.id}"`, released);
}

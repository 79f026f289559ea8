import type { HandOver, HandOverMessage, HandOverStore } from "../ports_supervision.ts";
import { refuseSupervision } from "./refuse_supervision.ts";

type Reader = { orgId: string; userId: string };

/**
 * Conversations that wait for a person, and those that one has taken: who waits longest first.
 * @throws AppError `forbidden`
 */
export async function listHandOvers(
  { handOvers }: { handOvers: Pick<HandOverStore, "listHandOvers"> },
  { orgId, userId, state, limit, after }: Reader & {
    state?: "waiting" | "taken" | undefined;
    limit: number;
    after: { at: string; id: string } | null;
  },
): Promise<HandOver[]> {
  const listed = await handOvers.listHandOvers({
    org_id: orgId,
    user_id: userId,
    limit,
    ...(state === undefined ? {} : { state }),
    ...(after === null ? {} : { after: after.at, after_id: after.id }),
  });
  if (listed.code !== "listed") throw refuseSupervision("list the hand-overs", listed);
  return listed.hand_overs;
}

/** One of them with what was said, the newest first. @throws AppError `forbidden`, `not_found` */
export async function readHandOver(
  { handOvers }: { handOvers: Pick<HandOverStore, "readHandOver"> },
  { orgId, userId, id, limit }: Reader & { id: string; limit: number },
): Promise<{ handOver: HandOver; session: unknown; messages: HandOverMessage[] }> {
  const read = await handOvers.readHandOver({
    org_id: orgId,
    user_id: userId,
    hand_over_id: id,
    limit,
  });
  if (read.code !== "read") throw refuseSupervision(`read hand-over "${id}"`, read);
  return { handOver: read.hand_over, session: read.session, messages: read.messages };
}

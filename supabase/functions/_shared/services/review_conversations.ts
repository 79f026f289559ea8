import type {
  FailedConversation,
  HandOverMessage,
  SupervisionStore,
} from "../ports_supervision.ts";
import { refuseSupervision } from "./refuse_supervision.ts";

type Reader = { orgId: string; userId: string };
type Change = Reader & { requestId: string; id: string };

/** Conversations in which a turn failed, the latest first. @throws AppError `forbidden` */
export async function listFailedConversations(
  { supervision }: { supervision: Pick<SupervisionStore, "listFailedConversations"> },
  { orgId, userId, state, limit, before }: Reader & {
    state: FailedConversation["state"];
    limit: number;
    before: { at: string; id: string } | null;
  },
): Promise<FailedConversation[]> {
  const listed = await supervision.listFailedConversations({
    org_id: orgId,
    user_id: userId,
    state,
    limit,
    ...(before === null ? {} : { before: before.at, before_id: before.id }),
  });
  if (listed.code !== "listed") throw refuseSupervision("list failed conversations", listed);
  return listed.conversations;
}

/** One of them with what was said, the newest first. @throws AppError `forbidden`, `not_found` */
export async function readFailedConversation(
  { supervision }: { supervision: Pick<SupervisionStore, "readFailedConversation"> },
  { orgId, userId, id, limit }: Reader & { id: string; limit: number },
): Promise<{ conversation: FailedConversation; messages: HandOverMessage[] }> {
  const read = await supervision.readFailedConversation({
    org_id: orgId,
    user_id: userId,
    id,
    limit,
  });
  if (read.code !== "read") throw refuseSupervision(`read conversation "${id}"`, read);
  return { conversation: read.conversation, messages: read.messages };
}

/** Somebody has looked at it. @throws AppError `forbidden`, `not_found` */
export async function reviewConversation(
  { supervision }: { supervision: Pick<SupervisionStore, "reviewConversation"> },
  { orgId, userId, requestId, id, note }: Change & { note: string | null },
): Promise<void> {
  const reviewed = await supervision.reviewConversation({
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    id,
    note,
  });
  if (reviewed.code !== "reviewed") {
    throw refuseSupervision(`review conversation "${id}"`, reviewed);
  }
}

/**
 * Each message that was given up has a turn again, once however often it is asked for (`again`): what
 * was answered is never answered twice.
 * @throws AppError `conflict` (nothing was given up, or a person answers), `outside_window`, `forbidden`,
 * `not_found`
 */
export async function replayConversation(
  { supervision }: { supervision: Pick<SupervisionStore, "replayConversation"> },
  { orgId, userId, requestId, id }: Change,
): Promise<{ messages: number; again: boolean }> {
  const replayed = await supervision.replayConversation({
    org_id: orgId,
    user_id: userId,
    request_id: requestId,
    id,
  });
  if (replayed.code !== "replayed") {
    throw refuseSupervision(`replay conversation "${id}"`, replayed);
  }
  return { messages: replayed.messages, again: replayed.again };
}

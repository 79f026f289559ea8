import type { SupervisionStore, TimelineItem } from "../ports_supervision.ts";
import { refuseSupervision } from "./refuse_supervision.ts";

/**
 * One person's story, chats and calls and what came of them, the newest first.
 * @throws AppError `forbidden`, `not_found`
 */
export async function readTimeline(
  { supervision }: { supervision: Pick<SupervisionStore, "readContactTimeline"> },
  { orgId, userId, contactId, limit, before }: {
    orgId: string | null;
    /** Null for an operator. */
    userId: string | null;
    contactId: string;
    limit: number;
    before: { at: string; id: string } | null;
  },
): Promise<{ contact: { id: string; name: string | null }; items: TimelineItem[] }> {
  const read = await supervision.readContactTimeline({
    org_id: orgId,
    user_id: userId,
    contact_id: contactId,
    limit,
    ...(before === null ? {} : { before: before.at, before_id: before.id }),
  });
  if (read.code !== "read") throw refuseSupervision(`read contact "${contactId}"`, read);
  return { contact: read.contact, items: read.items };
}

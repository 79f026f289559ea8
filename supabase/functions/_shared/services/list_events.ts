import type { EventFilter, EventSource, MetricStore } from "../ports_metrics.ts";
import type { JsonObject } from "../ports.ts";
import { type MetricsReader, requireOwnMetrics } from "./require_own_metrics.ts";

export type EventView = {
  id: string;
  source: EventSource;
  orgId: string | null;
  type: string;
  outcome: string;
  agent: string | null;
  contactId: string | null;
  requestId: string | null;
  durationMs: number | null;
  responseMs: number | null;
  error: string | null;
  details: JsonObject;
  createdAt: string;
};

/**
 * What agents did and what was done to organizations, the newest first, and where the next page begins:
 * what is rare is looked for a stretch at a time, so a page may be short of its limit, or empty.
 * @throws AppError `forbidden`
 */
export async function listEvents(
  { metrics }: { metrics: Pick<MetricStore, "listEvents"> },
  { orgId, userId, filter, limit, before }: MetricsReader & {
    filter: EventFilter;
    limit: number;
    before: { at: string; id: string } | null;
  },
): Promise<{ events: EventView[]; next: { at: string; id: string } | null }> {
  const read = await metrics.listEvents({
    ...filter,
    org_id: orgId,
    user_id: userId,
    limit,
    ...(before === null ? {} : { before: before.at, before_id: before.id }),
  });
  const { events, next } = requireOwnMetrics(read, "the events");
  const views = events.map((event) => ({
    id: event.id,
    source: event.source,
    orgId: event.org_id,
    type: event.type,
    outcome: event.outcome,
    agent: event.agent,
    contactId: event.contact_id,
    requestId: event.request_id,
    durationMs: event.duration_ms,
    responseMs: event.response_ms,
    error: event.error,
    details: event.details,
    createdAt: event.created_at,
  }));
  return { events: views, next };
}

import { queryDatabase } from "../../support/query_database.ts";

/**
 * What a minute's wait does: leases run out, backoffs and the webhook's moment are over. Holders that
 * live lose their leases as well, so that their fencing is tried.
 */
export async function passTime(orgId: string): Promise<void> {
  await queryDatabase(
    `update public.contact_queues set
       turn_leased_until = turn_leased_until - interval '1 hour',
       turn_retry_at = turn_retry_at - interval '1 hour',
       turn_due_at = turn_due_at - interval '1 hour',
       send_leased_until = send_leased_until - interval '1 hour',
       send_due_at = send_due_at - interval '1 hour'
     where contact_id = any (array(
       -- In everybody's order, or this would be one more way to break things.
       select contact_id from public.contact_queues where org_id = $1::text::uuid
       order by org_id, contact_id for update
     ))`,
    [orgId],
  );
  await queryDatabase(
    `update public.outbound_messages set not_before = not_before - interval '1 hour'
     where id = any (array(
       select id from public.outbound_messages where org_id = $1::text::uuid and state = 'queued'
       order by id for update
     ))`,
    [orgId],
  );
}

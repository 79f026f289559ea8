import { queryDatabase } from "../../support/query_database.ts";
import type { Transcript } from "../../transcripts/transcript.ts";

/** What one contact has in the database, as a transcript writes it. */
export async function readRows(orgId: string, contactId: string): Promise<Transcript["rows"]> {
  const read = async (statement: string) =>
    (await queryDatabase<{ row: Record<string, unknown> }>(statement, [orgId, contactId]))
      .map(({ row }) => row);
  const [listings, applications, bookings, others] = await Promise.all([
    read(LISTINGS),
    read(APPLICATIONS),
    read(BOOKINGS),
    read(OTHERS),
  ]);
  return {
    listings,
    applications,
    ...(bookings.length === 0 ? {} : {
      bookings: bookings.map((row) => ({
        ...row,
        starts_at: new Date(String(row["starts_at"])).toISOString(),
      })),
    }),
    ...(others.length === 0 ? {} : { others }),
  };
}

const LISTINGS = `
  select jsonb_build_object('domain', domain, 'side', side, 'title', title, 'price', price,
    'category', category, 'quantity', quantity, 'place', place_name, 'attributes', attributes,
    'state', state) as row
  from public.unified_listings
  where org_id = $1::text::uuid and contact_id = $2::text::uuid order by created_at`;

/** What is ordered is more than a note; ids are other ones each time. */
const APPLICATIONS = `
  select jsonb_build_object('listing', listing.title, 'kind', application.kind,
      'state', application.state, 'note', application.details -> 'note',
      'own', application.contact_id = $2::text::uuid)
    || case when application.kind in ('order', 'reservation', 'ride_request')
      then jsonb_build_object('details', application.details - array['id', 'booking_id', 'number']) else '{}' end as row
  from public.unified_applications as application
  join public.unified_listings as listing
    on listing.org_id = application.org_id and listing.id = application.listing_id
  where application.org_id = $1::text::uuid order by application.created_at`;

const BOOKINGS = `
  select jsonb_build_object('starts_at', starts_at, 'state', state,
    'minutes', extract(epoch from ends_at - starts_at)::int / 60,
    'own', coalesce(contact_id = $2::text::uuid, false)) as row
  from public.bookings where org_id = $1::text::uuid order by created_at`;

const OTHERS = `
  select row from (
    select created_at, jsonb_build_object('kind', 'request_policy', 'vehicle', vehicle, 'cover', cover,
      'yearly_price', yearly_price, 'currency', currency, 'details', details) as row
    from public.policy_requests where org_id = $1::text::uuid and contact_id = $2::text::uuid
    union all
    select created_at, jsonb_build_object('kind', 'capture_lead', 'name', name, 'interest', notes,
      'details', metadata)
    from public.leads where org_id = $1::text::uuid and contact_id = $2::text::uuid
    union all
    select created_at, jsonb_build_object('kind', 'request_call', 'reason', reason,
      'not_before', nullif(not_before, requested_at))
    from public.call_requests
    where org_id = $1::text::uuid and contact_id = $2::text::uuid and state <> 'cancelled'
    union all
    select created_at, jsonb_build_object('kind', 'open_ticket', 'subject', subject, 'body', body)
    from public.tickets where org_id = $1::text::uuid and contact_id = $2::text::uuid
    union all
    select created_at, jsonb_build_object('kind', 'hand_over', 'reason', reason)
    from public.hand_overs where org_id = $1::text::uuid and contact_id = $2::text::uuid
    union all
    select rated_at, jsonb_build_object('kind', 'rate_session', 'rating', rating)
    from public.session_ratings where org_id = $1::text::uuid and contact_id = $2::text::uuid
  ) as made order by created_at`;

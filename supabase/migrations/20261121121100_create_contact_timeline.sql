-- One person's story in an organization, whatever the channel.

create index call_logs_contact_created_at_idx on public.call_logs (org_id, contact_id, created_at desc);

-- {org_id (null for an operator: the contact's own), user_id|null, contact_id, limit?, before?, before_id? (of the last item seen)} -> 'read'
-- {contact: {id, name}, items: [{kind: 'message_in'|'message_out'|'call'|'application'|'booking'|'ticket',
-- id, at, state, summary, details}]}, newest first | 'not_found' | 'forbidden'. A contact that was merged
-- has its survivor's timeline.
create function public.contact_timeline(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_org_id constant uuid := case
    when request ->> 'org_id' is null and request ->> 'user_id' is null then (
      select asked.org_id from public.contacts as asked where asked.id = (request ->> 'contact_id')::uuid
    )
    else (request ->> 'org_id')::uuid
  end;
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 50), 1), 200);
  v_before constant timestamptz := coalesce((request ->> 'before')::timestamptz, 'infinity');
  v_before_id constant uuid := coalesce((request ->> 'before_id')::uuid, '00000000-0000-0000-0000-000000000000');
  v_contact public.contacts;
begin
  if not private.may_act(v_org_id, (request ->> 'user_id')::uuid, 'member') then
    return jsonb_build_object('code', 'forbidden');
  end if;
  select survivor.* into v_contact
  from public.contacts as asked
  join public.contacts as survivor
    on survivor.org_id = asked.org_id and survivor.id = coalesce(asked.merged_into_id, asked.id)
  where asked.org_id = v_org_id and asked.id = (request ->> 'contact_id')::uuid;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;
  return jsonb_build_object(
    'code', 'read',
    'contact', jsonb_build_object('id', v_contact.id, 'name', v_contact.name),
    'items', coalesce((
      select jsonb_agg(to_jsonb(page) order by page.at desc, page.id)
      from (
        select item.*
        from (
          (
            select 'message_in' as kind, message.id, message.created_at as at, message.disposition as state,
              left(message.content ->> 'text', 500) as summary, jsonb_build_object('type', message.type) as details
            from public.inbound_messages as message
            where message.org_id = v_org_id and message.contact_id = v_contact.id and message.created_at <= v_before
              and (message.created_at < v_before or message.id > v_before_id)
            order by message.created_at desc, message.id
            limit v_limit
          )
          union all
          (
            select 'message_out', message.id, message.created_at, message.state, left(message.content ->> 'text', 500),
              jsonb_build_object('type', message.type, 'kind', message.kind)
            from public.outbound_messages as message
            where message.org_id = v_org_id and message.contact_id = v_contact.id and message.created_at <= v_before
              and (message.created_at < v_before or message.id > v_before_id)
            order by message.created_at desc, message.id
            limit v_limit
          )
          union all
          (
            select 'call', log.id, log.created_at, log.outcome, left(log.summary, 500),
              jsonb_build_object('direction', log.direction, 'duration_seconds', log.duration_seconds)
            from public.call_logs as log
            where log.org_id = v_org_id and log.contact_id = v_contact.id and log.created_at <= v_before
              and (log.created_at < v_before or log.id > v_before_id)
            order by log.created_at desc, log.id
            limit v_limit
          )
          union all
          (
            select 'application', application.id, application.created_at, application.state, listing.title,
              jsonb_build_object('kind', application.kind, 'listing_id', listing.id, 'domain', listing.domain)
            from public.unified_applications as application
            join public.unified_listings as listing
              on listing.org_id = application.org_id and listing.id = application.listing_id
            where application.org_id = v_org_id and application.contact_id = v_contact.id
              and application.created_at <= v_before
              and (application.created_at < v_before or application.id > v_before_id)
            order by application.created_at desc, application.id
            limit v_limit
          )
          union all
          (
            select 'booking', booking.id, booking.created_at, booking.state, booking.resource,
              jsonb_build_object('starts_at', booking.starts_at, 'ends_at', booking.ends_at)
            from public.bookings as booking
            where booking.org_id = v_org_id and booking.contact_id = v_contact.id and booking.created_at <= v_before
              and (booking.created_at < v_before or booking.id > v_before_id)
            order by booking.created_at desc, booking.id
            limit v_limit
          )
          union all
          (
            select 'ticket', ticket.id, ticket.created_at, ticket.state, ticket.subject,
              jsonb_build_object('number', ticket.number)
            from public.tickets as ticket
            where ticket.org_id = v_org_id and ticket.contact_id = v_contact.id and ticket.created_at <= v_before
              and (ticket.created_at < v_before or ticket.id > v_before_id)
            order by ticket.created_at desc, ticket.id
            limit v_limit
          )
        ) as item
        order by item.at desc, item.id
        limit v_limit
      ) as page
    ), '[]')
  );
end
$$;
revoke all on function public.contact_timeline(jsonb) from public, anon, authenticated;
grant execute on function public.contact_timeline(jsonb) to service_role;

-- What agents want done, done: in the transaction of the turn or of the tool call. Whose something is,
-- is decided here, from the contact of the conversation; nobody is named by the caller. Each function
-- answers null, or why nothing was written: not_found, not_yours, own_listing, already_done, taken,
-- not_active, limit, invalid. The id that the caller made is the effect's name: the same again does nothing.
-- p_origin: {org_id, contact_id|null, session_id|null, channel: 'whatsapp'|'voice', correlation_id}.

create function private.is_agent_effect(p_effect jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return p_effect ->> 'kind' in (
    'create_listing', 'update_listing', 'apply', 'answer_application', 'book', 'cancel_booking', 'request_policy',
    'capture_lead', 'request_call', 'cancel_call', 'open_ticket', 'hand_over', 'rate_session'
  );
end
$$;
revoke all on function private.is_agent_effect(jsonb) from public, anon, authenticated;
grant execute on function private.is_agent_effect(jsonb) to service_role;

-- Locks the queues of everybody whom these effects may tell something, and the conversation's own, in
-- the order in which everyone locks queues. Comes before anything else is locked but a call's row.
-- Answers the contacts.
create function private.hold_effect_contacts(p_org_id uuid, p_contact_id uuid, p_effects jsonb) returns uuid[]
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_effect jsonb;
  v_key bigint;
  v_contacts uuid[] := array_remove(array[p_contact_id], null);
begin
  -- Of two listings that fit each other and are made at the same moment, the second one sees the first.
  if exists (
    select 1 from jsonb_array_elements(p_effects) as effect where effect.value ->> 'kind' = 'create_listing'
  ) then
    perform pg_advisory_xact_lock(hashtextextended('unified_listings/' || p_org_id::text, 0));
  end if;
  -- Those who want the same resource take turns, so that the constraint need not decide between them.
  for v_key in
    select distinct hashtextextended('bookings/' || p_org_id::text || '/' || (effect.value ->> 'resource'), 0)
    from jsonb_array_elements(p_effects) as effect
    where effect.value ->> 'kind' = 'book' and effect.value ->> 'resource' is not null
    order by 1
  loop
    perform pg_advisory_xact_lock(v_key);
  end loop;
  for v_effect in select effect.value from jsonb_array_elements(p_effects) as effect loop
    begin
      v_contacts := v_contacts || case v_effect ->> 'kind'
        when 'apply' then array(
          select listing.contact_id from public.unified_listings as listing
          where listing.org_id = p_org_id and listing.id = (v_effect ->> 'listing_id')::uuid
        )
        when 'answer_application' then array(
          select application.contact_id from public.unified_applications as application
          where application.org_id = p_org_id and application.id = (v_effect ->> 'application_id')::uuid
        )
        when 'cancel_booking' then array(
          select listing.contact_id
          from public.unified_applications as application
          join public.unified_listings as listing
            on listing.org_id = application.org_id and listing.id = application.listing_id
          where application.org_id = p_org_id and application.contact_id = p_contact_id
            and application.kind = 'reservation' and application.details ->> 'booking_id' = v_effect ->> 'booking_id'
        )
        when 'create_listing' then array(
          select found.contact_id
          from private.find_matches(
            private.listing_row(p_org_id, p_contact_id, (v_effect ->> 'id')::uuid, v_effect -> 'listing')
          ) as found
        )
      end;
    exception when data_exception then
      -- The effect will be refused as invalid.
      null;
    end;
  end loop;
  v_contacts := array(
    select distinct told.id from unnest(v_contacts) as told (id)
    join public.contacts as contact on contact.org_id = p_org_id and contact.id = told.id
    order by told.id
  );
  insert into public.contact_queues (org_id, contact_id)
  select p_org_id, told.id from unnest(v_contacts) as told (id) where told.id is distinct from p_contact_id order by told.id
  on conflict (org_id, contact_id) do nothing;
  perform 1
  from public.contact_queues as queue
  where queue.org_id = p_org_id and queue.contact_id = any (v_contacts)
  order by queue.contact_id
  for update;
  return v_contacts;
end
$$;
revoke all on function private.hold_effect_contacts(uuid, uuid, jsonb) from public, anon, authenticated;
grant execute on function private.hold_effect_contacts(uuid, uuid, jsonb) to service_role;

create function private.create_listing(p_origin jsonb, p_effect jsonb, p_held uuid[]) returns text
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (p_origin ->> 'org_id')::uuid;
  v_contact_id constant uuid := (p_origin ->> 'contact_id')::uuid;
  v_row public.unified_listings;
begin
  if v_contact_id is null then
    return 'not_yours';
  elsif exists (select 1 from public.unified_listings as known where known.id = (p_effect ->> 'id')::uuid) then
    return case when not exists (
      select 1 from public.unified_listings as own
      where own.org_id = v_org_id and own.id = (p_effect ->> 'id')::uuid and own.contact_id = v_contact_id
    ) then 'already_done' end;
  elsif (
    select count(*) from public.unified_listings as own
    where own.org_id = v_org_id and own.contact_id = v_contact_id and own.state = 'active'
  ) >= 50 then
    return 'limit';
  end if;
  v_row := private.listing_row(v_org_id, v_contact_id, (p_effect ->> 'id')::uuid, p_effect -> 'listing');
  insert into public.unified_listings (
    id, org_id, contact_id, domain, side, title, description, category, price, currency, price_unit, quantity,
    place_name, latitude, longitude, attributes, language
  )
  values (
    v_row.id, v_org_id, v_contact_id, v_row.domain, v_row.side, v_row.title, v_row.description, v_row.category,
    v_row.price, v_row.currency, v_row.price_unit, v_row.quantity, v_row.place_name, v_row.latitude, v_row.longitude,
    v_row.attributes, v_row.language
  )
  returning * into v_row;
  perform private.match_listing(v_row, p_held, p_origin ->> 'correlation_id');
  return null;
end
$$;
revoke all on function private.create_listing(jsonb, jsonb, uuid[]) from public, anon, authenticated;
grant execute on function private.create_listing(jsonb, jsonb, uuid[]) to service_role;

create function private.update_listing(p_origin jsonb, p_effect jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  v_state constant text := p_effect ->> 'state';
  v_listing public.unified_listings;
begin
  select * into v_listing
  from public.unified_listings as listing
  where listing.org_id = (p_origin ->> 'org_id')::uuid and listing.id = (p_effect ->> 'listing_id')::uuid
  for update;
  if not found then
    return 'not_found';
  elsif v_listing.contact_id is distinct from (p_origin ->> 'contact_id')::uuid or v_listing.contact_id is null then
    return 'not_yours';
  elsif v_listing.state = v_state then
    return null;
  elsif v_listing.state <> 'active' then
    return 'not_active';
  elsif v_state not in ('sold', 'closed') then
    return 'invalid';
  end if;
  update public.unified_listings as listing
  set state = coalesce(v_state, listing.state),
      sold_at = case v_state when 'sold' then now() end,
      closed_at = case v_state when 'closed' then now() end,
      price = coalesce((p_effect ->> 'price')::numeric, listing.price)
  where listing.id = v_listing.id;
  return null;
end
$$;
revoke all on function private.update_listing(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.update_listing(jsonb, jsonb) to service_role;

create function private.contact_name(p_org_id uuid, p_contact_id uuid) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select contact.name from public.contacts as contact where contact.org_id = p_org_id and contact.id = p_contact_id
  );
end
$$;
revoke all on function private.contact_name(uuid, uuid) from public, anon, authenticated;
grant execute on function private.contact_name(uuid, uuid) to service_role;

-- As people dial it; null for who is known by no number.
create function private.contact_phone(p_org_id uuid, p_contact_id uuid) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select '+' || identity.value from public.contact_identities as identity
    where identity.org_id = p_org_id and identity.contact_id = p_contact_id and identity.kind = 'phone'
    order by identity.created_at desc, identity.value
    limit 1
  );
end
$$;
revoke all on function private.contact_phone(uuid, uuid) from public, anon, authenticated;
grant execute on function private.contact_phone(uuid, uuid) to service_role;

create function private.apply_to_listing(p_origin jsonb, p_effect jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (p_origin ->> 'org_id')::uuid;
  v_contact_id constant uuid := (p_origin ->> 'contact_id')::uuid;
  v_id constant uuid := (p_effect ->> 'id')::uuid;
  v_kind constant text := p_effect ->> 'application_kind';
  v_listing public.unified_listings;
begin
  -- Shared: others may apply meanwhile, but nobody sells it.
  select * into v_listing
  from public.unified_listings as listing
  where listing.org_id = v_org_id and listing.id = (p_effect ->> 'listing_id')::uuid
  for share;
  if not found then
    return 'not_found';
  elsif v_contact_id is null then
    return 'not_yours';
  elsif v_listing.contact_id = v_contact_id then
    return 'own_listing';
  elsif exists (select 1 from public.unified_applications as known where known.id = v_id) then
    return case when not exists (
      select 1 from public.unified_applications as own
      where own.org_id = v_org_id and own.id = v_id and own.contact_id = v_contact_id
    ) then 'already_done' end;
  elsif v_kind <> 'inquiry' and (v_listing.side <> 'offer' or v_listing.domain <> case v_kind
    when 'application' then 'jobs' when 'viewing' then 'property' when 'introduction' then 'business_broker'
    when 'ride_request' then 'rides' when 'order' then 'waiter' when 'reservation' then 'waiter'
  end) then
    -- What is accepted may give numbers away: a job is never asked for a seat.
    return 'invalid';
  elsif v_kind = 'application' and exists (
    select 1 from public.unified_applications as own
    where own.org_id = v_org_id and own.listing_id = v_listing.id and own.contact_id = v_contact_id
      and own.kind = 'application' and own.state <> 'withdrawn'
  ) then
    return 'already_done';
  elsif v_listing.state <> 'active' or v_listing.expires_at <= now() then
    return 'not_active';
  elsif (
    select count(*) from public.unified_applications as own
    where own.org_id = v_org_id and own.contact_id = v_contact_id and own.created_at > now() - interval '1 day'
  ) >= 30 then
    return 'limit';
  end if;
  insert into public.unified_applications (id, org_id, listing_id, contact_id, kind, details)
  values (v_id, v_org_id, v_listing.id, v_contact_id, v_kind, coalesce(nullif(p_effect -> 'details', 'null'), '{}'));
  perform private.tell_contact(
    v_org_id, v_listing.contact_id, 'received.' || v_kind,
    jsonb_build_object('title', v_listing.title, 'name', coalesce(
      nullif(btrim(private.contact_name(v_org_id, v_contact_id)), ''),
      -- Whoever orders is to be found; what else is asked for keeps the number to itself.
      case v_kind when 'order' then private.contact_phone(v_org_id, v_contact_id) end
    )),
    -- Nobody but us words a message to a stranger.
    case v_kind when 'order' then p_effect #>> '{details,notice}' end,
    format('application:%s:received', v_id), p_origin ->> 'correlation_id'
  );
  return null;
end
$$;
revoke all on function private.apply_to_listing(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.apply_to_listing(jsonb, jsonb) to service_role;

-- Gives a booking's time back, and takes its reminder out of the outbox.
create function private.release_booking(p_org_id uuid, p_booking_id uuid) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
  update public.bookings as booking set state = 'cancelled', cancelled_at = now()
  where booking.org_id = p_org_id and booking.id = p_booking_id and booking.state = 'booked';
  update public.outbound_messages as message
  set state = 'cancelled', cancelled_at = now()
  where message.org_id = p_org_id and message.dedupe_key = format('booking:%s:reminder', p_booking_id)
    and message.state = 'queued';
end
$$;
revoke all on function private.release_booking(uuid, uuid) from public, anon, authenticated;
grant execute on function private.release_booking(uuid, uuid) to service_role;

-- What a reservation keeps: the applicant's own booking at that listing, while it is kept; null for none.
create function private.find_reserved(p_application public.unified_applications) returns public.bookings
language plpgsql stable set search_path = '' as $$
declare
  v_booking public.bookings;
begin
  if p_application.kind = 'reservation' then
    select booking.* into v_booking
    from public.bookings as booking
    where booking.org_id = p_application.org_id and booking.contact_id = p_application.contact_id
      and booking.id::text = p_application.details ->> 'booking_id'
      and booking.details ->> 'listing_id' = p_application.listing_id::text and booking.state = 'booked';
  end if;
  return v_booking;
end
$$;
revoke all on function private.find_reserved(public.unified_applications) from public, anon, authenticated;
grant execute on function private.find_reserved(public.unified_applications) to service_role;

-- When it begins, by the organization's clocks: "2027-01-04 19:00".
create function private.describe_moment(p_org_id uuid, p_moment timestamptz) returns text
language plpgsql stable set search_path = '' as $$
begin
  return (
    select to_char(p_moment at time zone settings.time_zone, 'YYYY-MM-DD HH24:MI')
    from public.organization_settings as settings where settings.org_id = p_org_id
  );
end
$$;
revoke all on function private.describe_moment(uuid, timestamptz) from public, anon, authenticated;
grant execute on function private.describe_moment(uuid, timestamptz) to service_role;

-- Where an introduction or a ride is accepted both have consented: each gets the other's number. A
-- reservation that is declined gives its table back.
create function private.answer_application(p_origin jsonb, p_effect jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (p_origin ->> 'org_id')::uuid;
  v_contact_id constant uuid := (p_origin ->> 'contact_id')::uuid;
  v_answer constant text := p_effect ->> 'answer';
  v_application public.unified_applications;
  v_listing public.unified_listings;
  v_reserved public.bookings;
begin
  select * into v_application
  from public.unified_applications as application
  where application.org_id = v_org_id and application.id = (p_effect ->> 'application_id')::uuid
  for update;
  if not found then
    return 'not_found';
  end if;
  select * into v_listing
  from public.unified_listings as listing
  where listing.org_id = v_org_id and listing.id = v_application.listing_id;
  if v_listing.contact_id is distinct from v_contact_id or v_contact_id is null then
    return 'not_yours';
  elsif v_answer is null or v_answer not in ('accepted', 'declined') then
    return 'invalid';
  elsif v_application.state = v_answer then
    return null;
  elsif v_application.state <> 'submitted' then
    return 'already_done';
  end if;
  update public.unified_applications as application
  set state = v_answer,
      accepted_at = case v_answer when 'accepted' then now() end,
      declined_at = case v_answer when 'declined' then now() end
  where application.id = v_application.id;
  if v_answer = 'declined' then
    v_reserved := private.find_reserved(v_application);
    perform private.release_booking(v_org_id, v_reserved.id);
  end if;
  if v_answer = 'accepted' and v_application.kind in ('introduction', 'ride_request') then
    perform private.tell_contact(
      v_org_id, v_application.contact_id, 'introduced',
      jsonb_build_object(
        'title', v_listing.title, 'name', private.contact_name(v_org_id, v_contact_id),
        'phone', private.contact_phone(v_org_id, v_contact_id)
      ), null, format('application:%s:accepted', v_application.id), p_origin ->> 'correlation_id'
    );
    perform private.tell_contact(
      v_org_id, v_contact_id, 'introduced',
      jsonb_build_object(
        'title', v_listing.title, 'name', private.contact_name(v_org_id, v_application.contact_id),
        'phone', private.contact_phone(v_org_id, v_application.contact_id)
      ), null, format('application:%s:introduced', v_application.id), p_origin ->> 'correlation_id'
    );
  else
    perform private.tell_contact(
      v_org_id, v_application.contact_id,
      case when v_reserved.id is not null then 'declined.reservation' else v_answer end,
      jsonb_build_object('title', v_listing.title),
      case when v_reserved.id is not null then private.describe_moment(v_org_id, v_reserved.starts_at) end,
      format('application:%s:%s', v_application.id, v_answer), p_origin ->> 'correlation_id'
    );
  end if;
  return null;
end
$$;
revoke all on function private.answer_application(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.answer_application(jsonb, jsonb) to service_role;

-- The reminder leaves two hours before; not at all for what begins sooner.
create function private.book(p_origin jsonb, p_effect jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (p_origin ->> 'org_id')::uuid;
  v_contact_id constant uuid := (p_origin ->> 'contact_id')::uuid;
  v_id constant uuid := (p_effect ->> 'id')::uuid;
  v_resource constant text := p_effect ->> 'resource';
  v_starts_at constant timestamptz := (p_effect ->> 'starts_at')::timestamptz;
  v_ends_at constant timestamptz := v_starts_at + make_interval(mins => (p_effect ->> 'minutes')::integer);
begin
  if exists (select 1 from public.bookings as known where known.id = v_id) then
    return case when not exists (
      select 1 from public.bookings as own
      where own.org_id = v_org_id and own.id = v_id and own.contact_id is not distinct from v_contact_id
    ) then 'already_done' end;
  elsif v_starts_at is null or v_starts_at <= now() or v_starts_at > now() + interval '400 days' then
    return 'invalid';
  elsif (
    select count(*) from public.bookings as own
    where own.org_id = v_org_id and own.contact_id = v_contact_id and own.state = 'booked' and own.starts_at > now()
  ) >= 10 then
    return 'limit';
  end if;
  begin
    insert into public.bookings (id, org_id, contact_id, resource, starts_at, ends_at, details)
    values (
      v_id, v_org_id, v_contact_id, v_resource, v_starts_at, v_ends_at,
      coalesce(nullif(p_effect -> 'details', 'null'), '{}')
    );
  exception when exclusion_violation then
    return 'taken';
  end;
  if v_contact_id is not null and nullif(btrim(p_effect ->> 'reminder'), '') is not null
    and v_starts_at > now() + interval '2 hours' then
    perform private.queue_outbound_message(
      v_org_id, v_contact_id, 'initiated', 'text', jsonb_build_object('text', left(p_effect ->> 'reminder', 1000)),
      format('booking:%s:reminder', v_id), p_origin ->> 'correlation_id', v_starts_at - interval '2 hours', v_starts_at
    );
  end if;
  return null;
end
$$;
revoke all on function private.book(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.book(jsonb, jsonb) to service_role;

-- Where it was reserved with somebody they are told, and the reservation is withdrawn.
create function private.cancel_booking(p_origin jsonb, p_effect jsonb) returns text
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
declare
  v_org_id constant uuid := (p_origin ->> 'org_id')::uuid;
  v_contact_id constant uuid := (p_origin ->> 'contact_id')::uuid;
  v_booking public.bookings;
  v_reservation record;
begin
  select * into v_booking
  from public.bookings as booking
  where booking.org_id = v_org_id and booking.id = (p_effect ->> 'booking_id')::uuid
  for update;
  if not found then
    return 'not_found';
  elsif v_booking.contact_id is distinct from (p_origin ->> 'contact_id')::uuid or v_booking.contact_id is null then
    return 'not_yours';
  elsif v_booking.state = 'cancelled' then
    return null;
  elsif v_booking.starts_at <= now() then
    return 'not_active';
  end if;
  perform private.release_booking(v_org_id, v_booking.id);
  for v_reservation in
    update public.unified_applications as application
    set state = 'withdrawn', withdrawn_at = now(), accepted_at = null, declined_at = null
    from public.unified_listings as listing
    where application.org_id = v_org_id and application.contact_id = v_contact_id
      and application.kind = 'reservation' and application.details ->> 'booking_id' = v_booking.id::text
      and application.state in ('submitted', 'accepted')
      and listing.org_id = application.org_id and listing.id = application.listing_id
    returning application.id, listing.title, listing.contact_id
  loop
    perform private.tell_contact(
      v_org_id, v_reservation.contact_id, 'withdrawn.reservation',
      jsonb_build_object('title', v_reservation.title, 'name', private.contact_name(v_org_id, v_contact_id)),
      private.describe_moment(v_org_id, v_booking.starts_at),
      format('application:%s:withdrawn', v_reservation.id), p_origin ->> 'correlation_id'
    );
  end loop;
  return null;
end
$$;
revoke all on function private.cancel_booking(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.cancel_booking(jsonb, jsonb) to service_role;

-- Policies, leads, calls back and tickets: a row each.
create function private.record_request(p_origin jsonb, p_effect jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (p_origin ->> 'org_id')::uuid;
  v_contact_id constant uuid := (p_origin ->> 'contact_id')::uuid;
  v_id constant uuid := (p_effect ->> 'id')::uuid;
  v_details constant jsonb := coalesce(nullif(p_effect -> 'details', 'null'), '{}');
  v_table constant text := case p_effect ->> 'kind'
    when 'request_policy' then 'policy_requests' when 'capture_lead' then 'leads'
    when 'request_call' then 'call_requests' else 'tickets'
  end;
  v_known record;
  v_recent integer;
  v_not_before timestamptz;
begin
  execute format('select org_id, contact_id from public.%I where id = $1', v_table) into v_known using v_id;
  if v_known.org_id is not null then
    return case
      when v_known.org_id <> v_org_id or v_known.contact_id is distinct from v_contact_id then 'already_done'
    end;
  end if;
  execute format(
    'select count(*) from public.%I where org_id = $1 and contact_id = $2 and created_at > now() - interval ''1 day''', v_table
  ) into v_recent using v_org_id, v_contact_id;
  if v_recent >= 10 then
    return 'limit';
  end if;
  case p_effect ->> 'kind'
    when 'request_policy' then
      insert into public.policy_requests (id, org_id, contact_id, vehicle, cover, yearly_price, currency, details)
      values (
        v_id, v_org_id, v_contact_id, p_effect ->> 'vehicle', p_effect ->> 'cover',
        (p_effect ->> 'yearly_price')::numeric, p_effect ->> 'currency', v_details
      );
    when 'capture_lead' then
      insert into public.leads (id, org_id, contact_id, name, phone_number, source, notes, metadata)
      values (
        v_id, v_org_id, v_contact_id, coalesce(p_effect ->> 'name', left(private.contact_name(v_org_id, v_contact_id), 200)),
        private.contact_phone(v_org_id, v_contact_id),
        case p_origin ->> 'channel' when 'voice' then 'call' else 'whatsapp' end, p_effect ->> 'interest', v_details
      );
    when 'request_call' then
      v_not_before := greatest(coalesce((p_effect ->> 'not_before')::timestamptz, now()), now());
      if v_contact_id is null or private.contact_phone(v_org_id, v_contact_id) is null then
        return 'not_found';
      -- Thirty days by a calendar, wherever that hangs.
      elsif v_not_before > now() + interval '31 days' then
        return 'invalid';
      end if;
      -- What waits already becomes what is asked for now; whoever has claimed it doesn't call any more.
      update public.call_requests as waiting
      set reason = p_effect ->> 'reason', not_before = v_not_before, due_at = v_not_before, requested_at = now(),
          fencing_token = waiting.fencing_token + 1, attempts = 0, reason_code = null
      where waiting.org_id = v_org_id and waiting.contact_id = v_contact_id and waiting.state = 'requested';
      if found then
        return null;
      elsif exists (
        select 1 from public.call_requests as open
        where open.org_id = v_org_id and open.contact_id = v_contact_id
          and open.state in ('intended', 'placed', 'answered')
      ) then
        return 'already_done';
      end if;
      insert into public.call_requests (id, org_id, contact_id, reason, not_before, due_at)
      values (v_id, v_org_id, v_contact_id, p_effect ->> 'reason', v_not_before, v_not_before);
    else
      if exists (
        select 1 from public.tickets as ticket where ticket.org_id = v_org_id and ticket.number = p_effect ->> 'number'
      ) then
        return 'already_done';
      end if;
      insert into public.tickets (id, org_id, contact_id, number, subject, body)
      values (
        v_id, v_org_id, v_contact_id, p_effect ->> 'number', p_effect ->> 'subject', coalesce(p_effect ->> 'body', '')
      );
  end case;
  return null;
end
$$;
revoke all on function private.record_request(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.record_request(jsonb, jsonb) to service_role;

-- The call that the person asked for is not wanted any more; whoever has claimed it doesn't call.
create function private.cancel_call(p_origin jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (p_origin ->> 'org_id')::uuid;
  v_contact_id constant uuid := (p_origin ->> 'contact_id')::uuid;
begin
  update public.call_requests as waiting
  set state = 'cancelled', cancelled_at = now(), fencing_token = waiting.fencing_token + 1, reason_code = null
  where waiting.org_id = v_org_id and waiting.contact_id = v_contact_id and waiting.state = 'requested';
  if found then
    return null;
  elsif exists (
    select 1 from public.call_requests as open
    where open.org_id = v_org_id and open.contact_id = v_contact_id
      and open.state in ('intended', 'placed', 'answered')
  ) then
    return 'not_active';
  end if;
  -- The same again does nothing.
  return case when not exists (
    select 1 from public.call_requests as cancelled
    where cancelled.org_id = v_org_id and cancelled.contact_id = v_contact_id
      and cancelled.state = 'cancelled' and cancelled.cancelled_at > now() - interval '1 hour'
  ) then 'not_found' end;
end
$$;
revoke all on function private.cancel_call(jsonb) from public, anon, authenticated;
grant execute on function private.cancel_call(jsonb) to service_role;

create function private.hand_over(p_origin jsonb, p_effect jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (p_origin ->> 'org_id')::uuid;
  v_contact_id constant uuid := (p_origin ->> 'contact_id')::uuid;
begin
  if v_contact_id is null then
    return 'not_found';
  end if;
  insert into public.hand_overs (id, org_id, contact_id, session_id, reason)
  values (
    (p_effect ->> 'id')::uuid, v_org_id, v_contact_id,
    (
      select session.id from public.unified_sessions as session
      where session.org_id = v_org_id and session.contact_id = v_contact_id and session.status = 'active'
    ),
    p_effect ->> 'reason'
  )
  -- Somebody is called for already.
  on conflict (org_id, contact_id) where state <> 'released' do nothing;
  if found then
    perform public.raise_alert(jsonb_build_object(
      'org_id', v_org_id, 'rule', 'hand_over_waiting', 'dedupe_key', p_effect ->> 'id', 'severity', 'info',
      'message', 'A conversation waits for a person', 'details', jsonb_build_object('hand_over_id', p_effect ->> 'id')
    ));
  end if;
  return null;
end
$$;
revoke all on function private.hand_over(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.hand_over(jsonb, jsonb) to service_role;

-- One effect; the caller holds p_held (hold_effect_contacts). What the database's constraints refuse
-- is 'invalid' and leaves nothing behind.
create function private.apply_agent_effect(p_origin jsonb, p_effect jsonb, p_held uuid[]) returns text
language plpgsql set search_path = '' as $$
begin
  case p_effect ->> 'kind'
    when 'create_listing' then return private.create_listing(p_origin, p_effect, p_held);
    when 'update_listing' then return private.update_listing(p_origin, p_effect);
    when 'apply' then return private.apply_to_listing(p_origin, p_effect);
    when 'answer_application' then return private.answer_application(p_origin, p_effect);
    when 'book' then return private.book(p_origin, p_effect);
    when 'cancel_booking' then return private.cancel_booking(p_origin, p_effect);
    when 'cancel_call' then return private.cancel_call(p_origin);
    when 'hand_over' then return private.hand_over(p_origin, p_effect);
    when 'rate_session' then return private.rate_session(p_origin, p_effect);
    when 'request_policy', 'capture_lead', 'request_call', 'open_ticket' then
      return private.record_request(p_origin, p_effect);
    else return 'invalid';
  end case;
exception when data_exception or integrity_constraint_violation then
  raise warning 'Effect "%" was refused: %', p_effect ->> 'kind', sqlstate;
  return 'invalid';
end
$$;
revoke all on function private.apply_agent_effect(jsonb, jsonb, uuid[]) from public, anon, authenticated;
grant execute on function private.apply_agent_effect(jsonb, jsonb, uuid[]) to service_role;

-- All of them or none: null, or [{place, code}] of those that were refused, and nothing was written.
-- p_among_others: effects of other kinds are somebody else's to apply.
create function private.apply_agent_effects(
  p_origin jsonb, p_effects jsonb, p_held uuid[], p_among_others boolean default false
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_effect record;
  v_code text;
  v_refusals jsonb := '[]';
begin
  begin
    for v_effect in
      select listed.value, listed.place - 1 as place
      from jsonb_array_elements(p_effects) with ordinality as listed (value, place)
      where not p_among_others or private.is_agent_effect(listed.value)
      order by listed.place
    loop
      v_code := private.apply_agent_effect(p_origin, v_effect.value, p_held);
      if v_code is not null then
        v_refusals := v_refusals || jsonb_build_object('place', v_effect.place, 'code', v_code);
      end if;
    end loop;
    if v_refusals <> '[]' then
      raise exception 'refused' using errcode = 'SB001';
    end if;
  exception when sqlstate 'SB001' then
    return v_refusals;
  end;
  return null;
end
$$;
revoke all on function private.apply_agent_effects(jsonb, jsonb, uuid[], boolean) from public, anon, authenticated;
grant execute on function private.apply_agent_effects(jsonb, jsonb, uuid[], boolean) to service_role;

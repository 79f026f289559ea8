-- What agents read: all that a turn wants, in one call.

-- The one row that an agent sees of a listing.
create function private.describe_listing(
  p_listing public.unified_listings, p_contact_id uuid, p_distance_km double precision
) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object(
    'id', p_listing.id, 'domain', p_listing.domain, 'side', p_listing.side, 'title', p_listing.title,
    'description', p_listing.description, 'category', p_listing.category, 'price', p_listing.price,
    'currency', p_listing.currency, 'price_unit', p_listing.price_unit, 'quantity', p_listing.quantity,
    'place', case when p_listing.place_name is not null or p_listing.latitude is not null then jsonb_build_object(
      'name', p_listing.place_name, 'latitude', p_listing.latitude, 'longitude', p_listing.longitude
    ) end,
    'attributes', p_listing.attributes, 'state', p_listing.state,
    'is_own', coalesce(p_listing.contact_id = p_contact_id, false),
    'distance_km', round(p_distance_km::numeric, 2), 'created_at', p_listing.created_at
  );
end
$$;
revoke all on function private.describe_listing(public.unified_listings, uuid, double precision)
  from public, anon, authenticated;
grant execute on function private.describe_listing(public.unified_listings, uuid, double precision) to service_role;

-- One search, as `Read` of kind listings says. Made of the conditions that are asked for alone and
-- planned with their values, once for each domain, so that each walks the index that suits it: near its
-- band of latitudes, words the words, all else the newest.
create function private.find_listings(p_org_id uuid, p_contact_id uuid, p_read jsonb, p_query tsquery)
returns setof jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_mine constant boolean := coalesce((p_read ->> 'mine')::boolean, false);
  v_limit constant integer := least(greatest(coalesce((p_read ->> 'limit')::integer, 10), 1), 50);
  v_latitude constant double precision := (p_read #>> '{near,latitude}')::double precision;
  v_longitude constant double precision := (p_read #>> '{near,longitude}')::double precision;
  v_within constant double precision := least(greatest((p_read #>> '{near,within_km}')::double precision, 0.1), 2000);
  -- In degrees; where meridians meet a span is as wide as it gets.
  v_band constant double precision := v_within / 110.5;
  v_span constant double precision := v_band / greatest(cos(radians(least(abs(v_latitude) + v_band, 89))), 0.01);
  v_where text := 'listing.org_id = $1 and listing.domain = wanted.domain and listing.side = $4';
  v_order text := 'listing.created_at desc, listing.id';
  v_distance text := 'null::double precision';
begin
  if v_mine then
    v_where := v_where || ' and listing.contact_id = $2';
  else
    v_where := v_where || ' and listing.state = ''active'' and listing.expires_at > now()';
  end if;
  if p_query is not null then
    v_where := v_where || ' and listing.words @@ $5';
    v_order := 'ts_rank(listing.words, $5) desc, ' || v_order;
  end if;
  if p_read ->> 'category' is not null then
    v_where := v_where || ' and listing.category_key = private.fold_text($6)';
  end if;
  if p_read ->> 'min_price' is not null then
    v_where := v_where || ' and listing.price >= $7';
  end if;
  if p_read ->> 'max_price' is not null then
    v_where := v_where || ' and listing.price <= $8';
  end if;
  if p_read ->> 'place_name' is not null then
    v_where := v_where || ' and position(private.fold_text($9) in private.fold_text(listing.place_name)) > 0';
  end if;
  if coalesce(nullif(p_read -> 'attributes', 'null'), '{}') <> '{}' then
    v_where := v_where || ' and listing.attributes @> $10';
  end if;
  if v_latitude is not null and v_longitude is not null and v_within is not null then
    v_distance := 'private.distance_km($11, $12, listing.latitude, listing.longitude)';
    v_where := v_where || ' and listing.latitude between $11 - $14 and $11 + $14';
    -- Beyond the date line the band alone decides, and the distance.
    if abs(v_longitude) + v_span <= 180 then
      v_where := v_where || ' and listing.longitude between $12 - $15 and $12 + $15';
    end if;
    v_where := v_where || format(' and %s <= $13', v_distance);
    v_order := v_distance || ', ' || v_order;
  end if;
  return query execute format(
    $query$
      select private.describe_listing(listing, $2, %2$s)
      from unnest($3) as wanted (domain)
      cross join lateral (
        select listing.* from public.unified_listings as listing where %1$s order by %3$s limit %4$s
      ) as listing
      order by %3$s
      limit %4$s
    $query$,
    v_where, v_distance, v_order, v_limit
  ) using
    p_org_id, p_contact_id,
    array(select distinct domain.value from jsonb_array_elements_text(p_read -> 'domains') as domain (value)),
    p_read ->> 'side', p_query, p_read ->> 'category', (p_read ->> 'min_price')::numeric,
    (p_read ->> 'max_price')::numeric, p_read ->> 'place_name', nullif(p_read -> 'attributes', 'null'),
    v_latitude, v_longitude, v_within, v_band, v_span;
end
$$;
revoke all on function private.find_listings(uuid, uuid, jsonb, tsquery) from public, anon, authenticated;
grant execute on function private.find_listings(uuid, uuid, jsonb, tsquery) to service_role;

-- Listings with all the words; where there are none, those with any.
create function private.read_listings(p_org_id uuid, p_contact_id uuid, p_read jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_words constant text := nullif(btrim(p_read ->> 'words'), '');
  v_found jsonb;
begin
  v_found := jsonb_agg(listing.value) from private.find_listings(
    p_org_id, p_contact_id, p_read, case when v_words is not null then private.listing_query(p_org_id, v_words, false) end
  ) as listing (value);
  if v_found is null and v_words is not null then
    v_found := jsonb_agg(listing.value) from private.find_listings(
      p_org_id, p_contact_id, p_read, private.listing_query(p_org_id, v_words, true)
    ) as listing (value);
  end if;
  return coalesce(v_found, '[]');
end
$$;
revoke all on function private.read_listings(uuid, uuid, jsonb) from public, anon, authenticated;
grant execute on function private.read_listings(uuid, uuid, jsonb) to service_role;

create function private.read_applications(p_org_id uuid, p_contact_id uuid, p_read jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_limit constant integer := least(greatest(coalesce((p_read ->> 'limit')::integer, 10), 1), 50);
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', page.id, 'listing_id', page.listing_id, 'listing_title', page.title, 'kind', page.kind,
      'state', page.state, 'details', page.details, 'is_own', page.contact_id = p_contact_id,
      'applicant_name', private.contact_name(p_org_id, page.contact_id), 'created_at', page.created_at
    ) order by page.created_at desc, page.id)
    from (
      select application.*, listing.title
      from public.unified_applications as application
      join public.unified_listings as listing
        on listing.org_id = application.org_id and listing.id = application.listing_id
      where application.org_id = p_org_id
        and case p_read ->> 'of' when 'mine' then application.contact_id else listing.contact_id end = p_contact_id
        and (p_read ->> 'domain' is null or listing.domain = p_read ->> 'domain')
        and (p_read ->> 'listing_id' is null or application.listing_id = (p_read ->> 'listing_id')::uuid)
      order by application.created_at desc, application.id
      limit v_limit
    ) as page
  ), '[]');
end
$$;
revoke all on function private.read_applications(uuid, uuid, jsonb) from public, anon, authenticated;
grant execute on function private.read_applications(uuid, uuid, jsonb) to service_role;

-- What fits the person's own listings while both are to be had, the newest first; each listing's matches
-- by the index of its side.
create function private.read_matches(p_org_id uuid, p_contact_id uuid, p_read jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_limit constant integer := least(greatest(coalesce((p_read ->> 'limit')::integer, 10), 1), 50);
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', page.id, 'own_title', page.own_title,
      'listing', private.describe_listing(page.other, p_contact_id, null), 'created_at', page.created_at
    ) order by page.created_at desc, page.id)
    from (
      select match.id, match.created_at, own.title as own_title, other
      from public.unified_listings as own
      cross join lateral (
        select found.id, found.created_at, found.request_id as other_id
        from public.unified_matches as found
        where own.side = 'offer' and found.org_id = own.org_id and found.offer_id = own.id
        union all
        select found.id, found.created_at, found.offer_id
        from public.unified_matches as found
        where own.side = 'request' and found.org_id = own.org_id and found.request_id = own.id
      ) as match
      join public.unified_listings as other on other.org_id = own.org_id and other.id = match.other_id
      where own.org_id = p_org_id and own.contact_id = p_contact_id
        and own.state = 'active' and own.expires_at > now() and other.state = 'active' and other.expires_at > now()
        and (p_read ->> 'domain' is null or own.domain = p_read ->> 'domain')
      order by match.created_at desc, match.id
      limit v_limit
    ) as page
  ), '[]');
end
$$;
revoke all on function private.read_matches(uuid, uuid, jsonb) from public, anon, authenticated;
grant execute on function private.read_matches(uuid, uuid, jsonb) to service_role;

-- What is asked for most often: one currency, one unit.
create function private.read_prices(p_org_id uuid, p_read jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'count', count(*), 'low', min(listing.price),
      'median', percentile_cont(0.5) within group (order by listing.price::double precision), 'high', max(listing.price),
      'currency', listing.currency, 'price_unit', listing.price_unit
    )
    from public.unified_listings as listing
    where listing.org_id = p_org_id and listing.domain = p_read ->> 'domain'
      and listing.category_key = private.fold_text(p_read ->> 'category') and listing.side = 'offer'
      and listing.state = 'active' and listing.created_at > now() - interval '60 days' and listing.price is not null
    group by listing.currency, listing.price_unit
    order by count(*) desc, listing.currency, listing.price_unit nulls last
    limit 1
  );
end
$$;
revoke all on function private.read_prices(uuid, jsonb) from public, anon, authenticated;
grant execute on function private.read_prices(uuid, jsonb) to service_role;

-- What is taken of a resource between two moments, by whomever, and the person's own of it.
create function private.read_bookings(p_org_id uuid, p_contact_id uuid, p_read jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select jsonb_agg(jsonb_build_object(
      'id', page.id, 'resource', page.resource, 'starts_at', page.starts_at,
      'minutes', round(extract(epoch from page.ends_at - page.starts_at) / 60)::integer, 'state', page.state,
      'is_own', coalesce(page.contact_id = p_contact_id, false)
    ) order by page.starts_at, page.id)
    from (
      select booking.* from public.bookings as booking
      where booking.org_id = p_org_id and booking.resource = p_read ->> 'resource'
        and booking.starts_at > (p_read ->> 'from')::timestamptz - interval '24 hours'
        and booking.starts_at < (p_read ->> 'until')::timestamptz
        and booking.ends_at > (p_read ->> 'from')::timestamptz
        and (booking.state = 'booked' or booking.contact_id = p_contact_id)
      order by booking.starts_at, booking.id
      limit 500
    ) as page
  ), '[]');
end
$$;
revoke all on function private.read_bookings(uuid, uuid, jsonb) from public, anon, authenticated;
grant execute on function private.read_bookings(uuid, uuid, jsonb) to service_role;

-- The person's own tickets or policy requests, newest first.
create function private.read_requests(p_org_id uuid, p_contact_id uuid, p_read jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_limit constant integer := least(greatest(coalesce((p_read ->> 'limit')::integer, 10), 1), 50);
begin
  return coalesce(case p_read ->> 'kind'
    when 'tickets' then (
      select jsonb_agg(jsonb_build_object(
        'id', page.id, 'number', page.number, 'subject', page.subject, 'state', page.state, 'created_at', page.created_at
      ) order by page.created_at desc, page.id)
      from (
        select ticket.* from public.tickets as ticket
        where ticket.org_id = p_org_id and ticket.contact_id = p_contact_id
        order by ticket.created_at desc, ticket.id limit v_limit
      ) as page
    )
    else (
      select jsonb_agg(jsonb_build_object(
        'id', page.id, 'vehicle', page.vehicle, 'cover', page.cover, 'yearly_price', page.yearly_price,
        'currency', page.currency, 'state', page.state, 'created_at', page.created_at
      ) order by page.created_at desc, page.id)
      from (
        select policy.* from public.policy_requests as policy
        where policy.org_id = p_org_id and policy.contact_id = p_contact_id
        order by policy.created_at desc, policy.id limit v_limit
      ) as page
    )
  end, '[]');
end
$$;
revoke all on function private.read_requests(uuid, uuid, jsonb) from public, anon, authenticated;
grant execute on function private.read_requests(uuid, uuid, jsonb) to service_role;

-- Whether we may call somebody back, and when: what domain/calling decides by.
create function private.describe_calling(p_org_id uuid, p_contact_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object(
      'phone', private.contact_phone(p_org_id, p_contact_id),
      'opted_out', exists (
        select 1 from public.contact_opt_outs as opt_out
        where opt_out.org_id = p_org_id and opt_out.contact_id = p_contact_id and opt_out.state = 'opted_out'
      ),
      'agent', (
        select jsonb_build_object(
          'id', agent.id, 'state', agent.state, 'activation_mode', agent.activation_mode,
          'assistant_id', agent.vapi_assistant_id,
          'phone_number_id', coalesce(agent.vapi_phone_number_id, vapi.public_config #>> '{number,phone_number_id}')
        )
        from public.agents as agent
        join public.integrations as vapi
          on vapi.org_id = agent.org_id and vapi.provider = 'vapi' and vapi.connected
        where agent.org_id = p_org_id and agent.role = 'outbound'
      ),
      'own_number', (
        select coalesce(vapi.public_config #>> '{number,number}', (
          select twilio.public_config ->> 'from_number' from public.integrations as twilio
          where twilio.org_id = p_org_id and twilio.provider = 'twilio' and twilio.connected
        ))
        from public.integrations as vapi where vapi.org_id = p_org_id and vapi.provider = 'vapi' and vapi.connected
      ),
      'test_numbers', settings.test_numbers,
      'call_countries', settings.call_countries,
      'calling_hours', settings.calling_hours,
      'business_hours', settings.business_hours,
      'time_zone', settings.time_zone,
      'daily_call_minutes', settings.daily_call_minutes,
      'org_id', settings.org_id
    )
    from public.organization_settings as settings where settings.org_id = p_org_id
  );
end
$$;
revoke all on function private.describe_calling(uuid, uuid) from public, anon, authenticated;
grant execute on function private.describe_calling(uuid, uuid) to service_role;

-- {state, not_before} of the call that the person waits for, or null.
create function private.find_open_call(p_org_id uuid, p_contact_id uuid) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (
    select jsonb_build_object('state', asked.state, 'not_before', asked.not_before)
    from public.call_requests as asked
    where asked.org_id = p_org_id and asked.contact_id = p_contact_id
      and asked.state in ('requested', 'intended', 'placed', 'answered')
    order by asked.created_at desc
    limit 1
  );
end
$$;
revoke all on function private.find_open_call(uuid, uuid) from public, anon, authenticated;
grant execute on function private.find_open_call(uuid, uuid) to service_role;

-- {org_id, contact_id|null, reads: [as Read, but knowledge]} -> 'read' {results: [as ReadResult], is_switched_off}, in
-- order. What is decided meanwhile is told that the kill switch was pulled.
-- org_id and contact_id are the session's or the call's: whoever calls has verified them. A table that is
-- reserved reads 13, and a message of a call may bring several.
create function public.read_agent_data(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_contact_id constant uuid := (
    select coalesce(contact.merged_into_id, contact.id) from public.contacts as contact
    where contact.org_id = (request ->> 'org_id')::uuid and contact.id = (request ->> 'contact_id')::uuid
  );
  v_read jsonb;
  v_results jsonb := '[]';
begin
  for v_read in select asked.value from jsonb_array_elements(request -> 'reads') as asked limit 120 loop
    v_results := v_results || jsonb_build_array(jsonb_build_object('kind', v_read ->> 'kind') || case v_read ->> 'kind'
      when 'listings' then jsonb_build_object('listings', private.read_listings(v_org_id, v_contact_id, v_read))
      when 'listing' then jsonb_build_object('listing', (
        select private.describe_listing(listing, v_contact_id, null)
        from public.unified_listings as listing
        where listing.org_id = v_org_id and listing.id = (v_read ->> 'id')::uuid
      ))
      when 'applications' then
        jsonb_build_object('applications', private.read_applications(v_org_id, v_contact_id, v_read))
      when 'matches' then jsonb_build_object('matches', private.read_matches(v_org_id, v_contact_id, v_read))
      when 'prices' then jsonb_build_object('prices', private.read_prices(v_org_id, v_read))
      when 'bookings' then jsonb_build_object('bookings', private.read_bookings(v_org_id, v_contact_id, v_read))
      when 'tickets' then jsonb_build_object('tickets', private.read_requests(v_org_id, v_contact_id, v_read))
      when 'policies' then jsonb_build_object('policies', private.read_requests(v_org_id, v_contact_id, v_read))
      when 'calling' then jsonb_build_object(
        'calling', private.describe_calling(v_org_id, v_contact_id)
          || jsonb_build_object(
            'tier_flags', (select kept.value from private.app_config_in_force as kept where kept.key = 'vapi_tier_flags'),
            'open', private.find_open_call(v_org_id, v_contact_id)
          )
      )
      when 'tariffs' then jsonb_build_object('value', (
        select config.value from public.app_config as config
        where config.key = v_read ->> 'key' and config.key in ('insurance_tariffs', 'ride_tariffs', 'known_places')
      ))
    end);
  end loop;
  return jsonb_build_object(
    'code', 'read', 'results', v_results, 'is_switched_off', private.is_switched_off(v_org_id, v_contact_id)
  );
end
$$;
revoke all on function public.read_agent_data(jsonb) from public, anon, authenticated;
grant execute on function public.read_agent_data(jsonb) to service_role;

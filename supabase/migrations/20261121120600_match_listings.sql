-- Which offers fit which requests; found when a listing is made, told to both once.

-- A listing as its caller describes it, as a row that isn't stored yet.
create function private.listing_row(p_org_id uuid, p_contact_id uuid, p_id uuid, p_listing jsonb)
returns public.unified_listings
language plpgsql stable set search_path = '' as $$
declare
  v_row public.unified_listings;
begin
  v_row := jsonb_populate_record(null::public.unified_listings, jsonb_build_object(
    'id', p_id, 'org_id', p_org_id, 'contact_id', p_contact_id,
    'domain', p_listing -> 'domain', 'side', p_listing -> 'side',
    'title', btrim(p_listing ->> 'title'), 'description', coalesce(p_listing ->> 'description', ''),
    'category', nullif(btrim(p_listing ->> 'category'), ''), 'price', p_listing -> 'price',
    'currency', coalesce(p_listing ->> 'currency', 'RWF'), 'price_unit', p_listing -> 'price_unit',
    'quantity', p_listing -> 'quantity', 'place_name', p_listing #>> '{place,name}',
    'latitude', p_listing #> '{place,latitude}', 'longitude', p_listing #> '{place,longitude}',
    'attributes', coalesce(nullif(p_listing -> 'attributes', 'null'), '{}'),
    'language', coalesce(p_listing ->> 'language', (
      select left(settings.language, 2) from public.organization_settings as settings where settings.org_id = p_org_id
    ), 'en')
  ));
  v_row.category_key := private.fold_text(v_row.category);
  return v_row;
end
$$;
revoke all on function private.listing_row(uuid, uuid, uuid, jsonb) from public, anon, authenticated;
grant execute on function private.listing_row(uuid, uuid, uuid, jsonb) to service_role;

-- Whether what both sides say about the same thing is the same; what one of them leaves open fits.
create function private.attributes_agree(p_one jsonb, p_other jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  v_key text;
begin
  foreach v_key in array array['bedrooms', 'deal', 'crop', 'from', 'to', 'date', 'vehicle', 'sector'] loop
    if private.fold_text(p_one ->> v_key) <> private.fold_text(p_other ->> v_key) then
      return false;
    end if;
  end loop;
  return true;
end
$$;
revoke all on function private.attributes_agree(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.attributes_agree(jsonb, jsonb) to service_role;

-- The five best counterparts of a listing among the newest thousand: the same category or a word of the
-- title, a price within what the other side pays, within 50 km, not somebody's own. A listing that has
-- been matched twenty times has had its share.
create function private.find_matches(p_listing public.unified_listings)
returns table (listing_id uuid, contact_id uuid, score real)
language plpgsql stable set search_path = '' as $$
declare
  v_side constant text := case p_listing.side when 'offer' then 'request' else 'offer' end;
  v_query constant tsquery := private.listing_query(p_listing.org_id, p_listing.title, true);
begin
  return query
  select candidate.id, candidate.contact_id,
    (coalesce((candidate.category_key = p_listing.category_key)::integer, 0)
      + coalesce(ts_rank(candidate.words, v_query), 0))::real as fit
  from (
    select listing.*
    from public.unified_listings as listing
    where listing.org_id = p_listing.org_id and listing.domain = p_listing.domain and listing.side = v_side
      and listing.state = 'active' and listing.expires_at > now()
    order by listing.created_at desc
    limit 1000
  ) as candidate
  where candidate.contact_id is distinct from p_listing.contact_id
    and coalesce(candidate.category_key = p_listing.category_key, true)
    and (
      candidate.words @@ v_query
      -- A category says enough where goods are alike: maize is maize, a plumber a plumber.
      or candidate.category_key = p_listing.category_key and p_listing.domain not in ('marketplace', 'business_broker')
    )
    and (
      candidate.price is null or p_listing.price is null or candidate.currency <> p_listing.currency
      or candidate.price_unit is distinct from p_listing.price_unit
      or case v_side when 'offer' then candidate.price <= p_listing.price else p_listing.price <= candidate.price end
    )
    and (
      candidate.latitude is null or p_listing.latitude is null
      or private.distance_km(candidate.latitude, candidate.longitude, p_listing.latitude, p_listing.longitude) <= 50
    )
    and private.attributes_agree(candidate.attributes, p_listing.attributes)
    and (
      select count(*) from public.unified_matches as match
      where match.org_id = candidate.org_id
        and case v_side when 'offer' then match.offer_id = candidate.id else match.request_id = candidate.id end
    ) < 20
  order by fit desc, candidate.created_at desc, candidate.id
  limit 5;
end
$$;
revoke all on function private.find_matches(public.unified_listings) from public, anon, authenticated;
grant execute on function private.find_matches(public.unified_listings) to service_role;

create function private.describe_price(p_listing public.unified_listings) returns text
language plpgsql stable set search_path = '' as $$
begin
  return case when p_listing.price is not null then concat(
    ', ', to_char(p_listing.price, 'FM999,999,999,999,990'), ' ', p_listing.currency, ' / ' || p_listing.price_unit
  ) else '' end;
end
$$;
revoke all on function private.describe_price(public.unified_listings) from public, anon, authenticated;
grant execute on function private.describe_price(public.unified_listings) to service_role;

-- Finds the matches of a new listing and tells both sides. p_held: the contacts whose queues the caller
-- holds; nobody else is told, so that no lock is taken out of order.
create function private.match_listing(p_listing public.unified_listings, p_held uuid[], p_correlation_id text) returns void
language plpgsql set search_path = '' set plan_cache_mode = force_generic_plan as $$
declare
  v_match record;
  v_other public.unified_listings;
  v_offer public.unified_listings;
  v_request public.unified_listings;
  v_id uuid;
begin
  for v_match in
    select found.* from private.find_matches(p_listing) as found
    where found.contact_id is null or found.contact_id = any (p_held)
  loop
    select * into v_other from public.unified_listings as other where other.id = v_match.listing_id;
    v_offer := case p_listing.side when 'offer' then p_listing else v_other end;
    v_request := case p_listing.side when 'offer' then v_other else p_listing end;
    insert into public.unified_matches (org_id, domain, offer_id, request_id, score)
    values (p_listing.org_id, p_listing.domain, v_offer.id, v_request.id, v_match.score)
    on conflict (org_id, offer_id, request_id) do nothing
    returning id into v_id;
    continue when v_id is null;
    perform private.tell_contact(
      p_listing.org_id, v_request.contact_id, 'match.request',
      jsonb_build_object('title', v_offer.title, 'price', private.describe_price(v_offer)),
      null, format('match:%s:request', v_id), p_correlation_id
    );
    perform private.tell_contact(
      p_listing.org_id, v_offer.contact_id, 'match.offer',
      jsonb_build_object('title', v_request.title, 'price', private.describe_price(v_request)),
      null, format('match:%s:offer', v_id), p_correlation_id
    );
  end loop;
end
$$;
revoke all on function private.match_listing(public.unified_listings, uuid[], text) from public, anon, authenticated;
grant execute on function private.match_listing(public.unified_listings, uuid[], text) to service_role;

-- What people offer and look for, whatever the agent they told it to; who applied, and which offer
-- fits which request. Everything stays inside one organization.

-- Case and accents folded away, so that "Élevage" and "elevage" are one.
create function private.fold_text(p_text text) returns text
language plpgsql immutable strict parallel safe set search_path = '' as $$
begin
  return btrim(regexp_replace(
    regexp_replace(normalize(lower(p_text), nfd), '[\u0300-\u036f]', '', 'g'), '[^[:alnum:]]+', ' ', 'g'
  ));
end
$$;
revoke all on function private.fold_text(text) from public, anon, authenticated;
grant execute on function private.fold_text(text) to service_role;

-- What a listing is found by: its words as they are written and, in languages that PostgreSQL knows,
-- their stems. The organization is one of the words, so that one index answers "these words, here".
create function private.listing_words(
  p_org_id uuid, p_language text, p_title text, p_category text, p_place_name text, p_description text
) returns tsvector
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_title constant text := coalesce(private.fold_text(p_title), '');
  v_labels constant text := coalesce(private.fold_text(concat_ws(' ', p_category, p_place_name)), '');
  v_description constant text := coalesce(private.fold_text(p_description), '');
  v_stems constant regconfig := case p_language
    when 'fr' then 'pg_catalog.french'::regconfig when 'en' then 'pg_catalog.english'::regconfig
  end;
  v_words tsvector;
begin
  v_words := setweight(to_tsvector('pg_catalog.simple'::regconfig, v_title), 'A')
    || setweight(to_tsvector('pg_catalog.simple'::regconfig, v_labels), 'B')
    || setweight(to_tsvector('pg_catalog.simple'::regconfig, v_description), 'C');
  if v_stems is not null then
    v_words := v_words
      || setweight(to_tsvector(v_stems, v_title), 'A')
      || setweight(to_tsvector(v_stems, v_labels), 'B')
      || setweight(to_tsvector(v_stems, v_description), 'C');
  end if;
  return v_words || array_to_tsvector(array['org/' || p_org_id::text]);
end
$$;
revoke all on function private.listing_words(uuid, text, text, text, text, text) from public, anon, authenticated;
grant execute on function private.listing_words(uuid, text, text, text, text, text) to service_role;

create table public.unified_listings (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  -- Whose it is; null for the organization's own.
  contact_id uuid,
  domain text not null,
  side text not null default 'offer',
  title text not null,
  description text not null default '',
  category text,
  category_key text generated always as (private.fold_text(category)) stored,
  price numeric(14, 2),
  currency text not null default 'RWF',
  -- What the price is for: kg, month, seat; null for the whole.
  price_unit text,
  quantity numeric(14, 3),
  place_name text,
  latitude double precision,
  longitude double precision,
  -- What its domain knows besides: bedrooms, salary, harvest date, menu.
  attributes jsonb not null default '{}',
  language text not null default 'en',
  state text not null default 'active',
  expires_at timestamptz not null default now() + interval '60 days',
  sold_at timestamptz,
  closed_at timestamptz,
  expired_at timestamptz,
  words tsvector generated always as (
    private.listing_words(org_id, language, title, category, place_name, description)
  ) stored,
  revision integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint unified_listings_pkey primary key (id),
  constraint unified_listings_org_id_id_unique unique (org_id, id),
  constraint unified_listings_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint unified_listings_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint unified_listings_domain_is_known check (
    domain in ('marketplace', 'jobs', 'property', 'farmer', 'waiter', 'rides', 'business_broker')
  ),
  constraint unified_listings_side_is_known check (side in ('offer', 'request')),
  constraint unified_listings_title_is_1_to_200_characters check (char_length(title) between 1 and 200),
  constraint unified_listings_description_is_at_most_4000_characters check (char_length(description) <= 4000),
  constraint unified_listings_category_is_at_most_100_characters check (char_length(category) <= 100),
  constraint unified_listings_price_is_not_negative check (price >= 0),
  constraint unified_listings_currency_is_iso_4217 check (currency ~ '^[A-Z]{3}$'),
  constraint unified_listings_price_unit_is_at_most_30_characters check (char_length(price_unit) <= 30),
  constraint unified_listings_quantity_is_not_negative check (quantity >= 0),
  constraint unified_listings_place_name_is_at_most_200_characters check (char_length(place_name) <= 200),
  constraint unified_listings_coordinates_are_a_pair check ((latitude is null) = (longitude is null)),
  constraint unified_listings_latitude_is_on_earth check (latitude between -90 and 90),
  constraint unified_listings_longitude_is_on_earth check (longitude between -180 and 180),
  constraint unified_listings_attributes_is_an_object check (jsonb_typeof(attributes) = 'object'),
  constraint unified_listings_attributes_is_at_most_20000_characters check (char_length(attributes::text) <= 20000),
  constraint unified_listings_language_is_a_tag check (language ~ '^[a-z]{2,3}$'),
  constraint unified_listings_state_is_known check (state in ('active', 'sold', 'closed', 'expired')),
  constraint unified_listings_state_has_its_timestamp check (
    (state = 'sold') = (sold_at is not null) and (state = 'closed') = (closed_at is not null)
    and (state = 'expired') = (expired_at is not null)
  )
) with (fillfactor = 90);
create index unified_listings_contact_idx on public.unified_listings (org_id, contact_id, created_at desc);
create index unified_listings_newest_idx on public.unified_listings (org_id, domain, side, created_at desc)
  where state = 'active';
-- Nearby: a band of latitudes, and what of it lies between two longitudes, without leaving the index.
create index unified_listings_nearby_idx on public.unified_listings (org_id, domain, side, latitude, longitude)
  where state = 'active' and latitude is not null;
create index unified_listings_category_idx on public.unified_listings (org_id, domain, category_key, created_at desc)
  where state = 'active';
create index unified_listings_words_idx on public.unified_listings using gin (words) where state = 'active';
create index unified_listings_expires_at_idx on public.unified_listings (expires_at) where state = 'active';

create trigger unified_listings_bump_revision before update on public.unified_listings
  for each row execute function private.bump_revision();

alter table public.unified_listings enable row level security;
revoke all on table public.unified_listings from public, anon, authenticated, service_role;
grant select on table public.unified_listings to authenticated;
grant select, insert, update, delete on table public.unified_listings to service_role;
create policy "members read the listings of their organizations" on public.unified_listings
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

create table public.unified_applications (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  listing_id uuid not null,
  -- Who applied.
  contact_id uuid not null,
  kind text not null,
  details jsonb not null default '{}',
  state text not null default 'submitted',
  submitted_at timestamptz not null default now(),
  accepted_at timestamptz,
  declined_at timestamptz,
  withdrawn_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint unified_applications_pkey primary key (id),
  constraint unified_applications_org_id_id_unique unique (org_id, id),
  constraint unified_applications_listing_fkey foreign key (org_id, listing_id)
    references public.unified_listings (org_id, id) on delete cascade,
  constraint unified_applications_contact_fkey foreign key (org_id, contact_id)
    references public.contacts (org_id, id) on delete cascade,
  constraint unified_applications_kind_is_known check (
    kind in ('application', 'inquiry', 'order', 'reservation', 'viewing', 'introduction', 'ride_request')
  ),
  constraint unified_applications_details_is_an_object check (jsonb_typeof(details) = 'object'),
  constraint unified_applications_details_is_at_most_20000_characters check (char_length(details::text) <= 20000),
  constraint unified_applications_state_is_known check (state in ('submitted', 'accepted', 'declined', 'withdrawn')),
  constraint unified_applications_state_has_its_timestamp check (
    (state = 'accepted') = (accepted_at is not null) and (state = 'declined') = (declined_at is not null)
    and (state = 'withdrawn') = (withdrawn_at is not null)
  )
);
-- Once per person and listing.
create unique index unified_applications_application_unique
  on public.unified_applications (org_id, listing_id, contact_id)
  where kind = 'application' and state <> 'withdrawn';
create index unified_applications_listing_idx on public.unified_applications (org_id, listing_id, created_at desc);
create index unified_applications_contact_idx on public.unified_applications (org_id, contact_id, created_at desc);

create trigger unified_applications_touch_updated_at before update on public.unified_applications
  for each row execute function private.touch_updated_at();

-- Two contacts turn out to be one person, who has applied as both: the older application stays.
create function private.merge_applications() returns trigger
language plpgsql set search_path = '' as $$
begin
  if new.kind = 'application' and new.state <> 'withdrawn' and exists (
    select 1 from public.unified_applications as other
    where other.org_id = new.org_id and other.listing_id = new.listing_id and other.contact_id = new.contact_id
      and other.kind = 'application' and other.state <> 'withdrawn' and other.id <> new.id
  ) then
    new.state := 'withdrawn';
    new.withdrawn_at := now();
    new.accepted_at := null;
    new.declined_at := null;
  end if;
  return new;
end
$$;
revoke all on function private.merge_applications() from public, anon, authenticated;
create trigger unified_applications_merge before update of contact_id on public.unified_applications
  for each row when (old.contact_id <> new.contact_id) execute function private.merge_applications();

alter table public.unified_applications enable row level security;
revoke all on table public.unified_applications from public, anon, authenticated, service_role;
grant select on table public.unified_applications to authenticated;
grant select, insert, update, delete on table public.unified_applications to service_role;
create policy "members read the applications of their organizations" on public.unified_applications
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- An offer that fits a request, found once: both were told of it by the outbox in the same transaction.
create table public.unified_matches (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  domain text not null,
  offer_id uuid not null,
  request_id uuid not null,
  score real not null,
  told_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  constraint unified_matches_pkey primary key (id),
  constraint unified_matches_offer_request_unique unique (org_id, offer_id, request_id),
  constraint unified_matches_offer_fkey foreign key (org_id, offer_id)
    references public.unified_listings (org_id, id) on delete cascade,
  constraint unified_matches_request_fkey foreign key (org_id, request_id)
    references public.unified_listings (org_id, id) on delete cascade
);
create index unified_matches_request_idx on public.unified_matches (org_id, request_id);

alter table public.unified_matches enable row level security;
revoke all on table public.unified_matches from public, anon, authenticated, service_role;
grant select on table public.unified_matches to authenticated;
grant select, insert, update, delete on table public.unified_matches to service_role;
create policy "members read the matches of their organizations" on public.unified_matches
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- Kilometres between two points, over a sphere of the earth's mean radius.
create function private.distance_km(
  p_latitude double precision, p_longitude double precision,
  p_other_latitude double precision, p_other_longitude double precision
) returns double precision
language plpgsql immutable parallel safe set search_path = '' as $$
begin
  return 2 * 6371.0088 * asin(least(1, sqrt(
    power(sin(radians(p_other_latitude - p_latitude) / 2), 2)
    + cos(radians(p_latitude)) * cos(radians(p_other_latitude))
      * power(sin(radians(p_other_longitude - p_longitude) / 2), 2)
  )));
end
$$;
revoke all on function private.distance_km(double precision, double precision, double precision, double precision)
  from public, anon, authenticated;
grant execute on function private.distance_km(double precision, double precision, double precision, double precision)
  to service_role;

-- Listings of an organization with these words: with all of them, or with any. Words that say nothing
-- ("the", "une") don't count. Null where nothing is left.
create function private.listing_query(p_org_id uuid, p_words text, p_any boolean) returns tsquery
language plpgsql stable set search_path = '' as $$
declare
  v_word text;
  v_english tsquery;
  v_french tsquery;
  v_one tsquery;
  v_query tsquery;
begin
  for v_word in
    select distinct word.value
    from regexp_split_to_table(left(private.fold_text(p_words), 400), ' ') as word (value)
    where char_length(word.value) > 1
    limit 12
  loop
    v_english := to_tsquery('pg_catalog.english'::regconfig, quote_literal(v_word));
    v_french := to_tsquery('pg_catalog.french'::regconfig, quote_literal(v_word));
    continue when numnode(v_english) = 0 or numnode(v_french) = 0;
    v_one := to_tsquery('pg_catalog.simple'::regconfig, quote_literal(v_word) || ':*') || v_english || v_french;
    v_query := case when v_query is null then v_one when p_any then v_query || v_one else v_query && v_one end;
  end loop;
  return v_query && ('''org/' || p_org_id::text || '''')::tsquery;
end
$$;
revoke all on function private.listing_query(uuid, text, boolean) from public, anon, authenticated;
grant execute on function private.listing_query(uuid, text, boolean) to service_role;

-- For the worker: what nobody renewed. Answers how many.
create function private.expire_listings(p_limit integer) returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  update public.unified_listings as listing
  set state = 'expired', expired_at = now()
  where listing.id = any (array(
    select stale.id from public.unified_listings as stale
    where stale.state = 'active' and stale.expires_at <= now()
    order by stale.expires_at
    limit p_limit
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
revoke all on function private.expire_listings(integer) from public, anon, authenticated;
grant execute on function private.expire_listings(integer) to service_role;

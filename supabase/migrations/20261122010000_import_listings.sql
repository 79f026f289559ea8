-- Listings of the older products, taken over from their own tables page by page. Those tables are read and
-- nothing else: never changed, never dropped.

-- For the tables that these refer to.
set local lock_timeout = '5s';

-- How far an import of one table into one organization has come. A pass goes through the table once, by its key.
create table public.listing_imports (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  -- The table, with its schema.
  source text not null,
  mapping jsonb not null,
  state text not null default 'started',
  pass integer not null default 1,
  last_key text,
  -- Of this pass: {read, skipped, imported, updated, unchanged, kept, gone, refused}.
  counts jsonb not null default '{}',
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint listing_imports_pkey primary key (id),
  constraint listing_imports_org_id_source_unique unique (org_id, source),
  constraint listing_imports_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint listing_imports_mapping_is_an_object check (jsonb_typeof(mapping) = 'object'),
  constraint listing_imports_counts_is_an_object check (jsonb_typeof(counts) = 'object'),
  constraint listing_imports_state_is_known check (state in ('started', 'completed')),
  constraint listing_imports_state_has_its_timestamp check ((state = 'completed') = (completed_at is not null)),
  constraint listing_imports_pass_is_positive check (pass > 0)
);
create trigger listing_imports_touch_updated_at before update on public.listing_imports
  for each row execute function private.touch_updated_at();
alter table public.listing_imports enable row level security;
revoke all on table public.listing_imports from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.listing_imports to service_role;
create policy "only the service role reaches listing_imports" on public.listing_imports
  for all to service_role using (true) with check (true);

-- What became of each row. It outlives the listing: what was deleted or erased here doesn't come back.
create table public.imported_listings (
  org_id uuid not null,
  source text not null,
  source_key text not null,
  state text not null,
  -- Null once the listing is gone. A refused row may have one: its last good version.
  listing_id uuid,
  -- What the listing's revision was when it was last written by an import: another one means that somebody
  -- changed it here since.
  listing_revision integer,
  source_updated_at timestamptz,
  -- A constraint, or a word for what is wrong; never what the row says.
  reason text,
  imported_at timestamptz,
  refused_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint imported_listings_pkey primary key (org_id, source, source_key),
  constraint imported_listings_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint imported_listings_listing_fkey foreign key (org_id, listing_id)
    references public.unified_listings (org_id, id) on delete set null (listing_id),
  constraint imported_listings_state_is_known check (state in ('imported', 'refused')),
  constraint imported_listings_state_has_its_timestamp check (
    (state <> 'imported' or imported_at is not null) and (state = 'refused') = (refused_at is not null)
  ),
  constraint imported_listings_refused_has_its_reason check ((state = 'refused') = (reason is not null))
);
create index imported_listings_listing_idx on public.imported_listings (org_id, listing_id);
create index imported_listings_refused_idx on public.imported_listings (org_id, source, reason)
  where state = 'refused';
create trigger imported_listings_touch_updated_at before update on public.imported_listings
  for each row execute function private.touch_updated_at();
alter table public.imported_listings enable row level security;
revoke all on table public.imported_listings from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.imported_listings to service_role;
create policy "only the service role reaches imported_listings" on public.imported_listings
  for all to service_role using (true) with check (true);

-- {relation} -> 'described' {source, columns: [{name, type}], keys: [name], rows (estimated)}
--   | 'not_found' | 'not_a_table' {kind}: a view of the unified tables, above all | 'not_readable' | 'internal_schema'.
create function public.describe_import_source(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_class pg_catalog.pg_class;
  v_schema text;
begin
  select class.* into v_class
  from pg_catalog.pg_class as class where class.oid = to_regclass(request ->> 'relation');
  if v_class.oid is null then
    return jsonb_build_object('code', 'not_found');
  end if;
  v_schema := v_class.relnamespace::regnamespace::text;
  if v_schema in (
    'private', 'partitions', 'auth', 'storage', 'vault', 'cron', 'net', 'extensions', 'information_schema'
  ) or v_schema like 'pg\_%' then
    return jsonb_build_object('code', 'internal_schema', 'schema', v_schema);
  elsif v_class.relkind not in ('r', 'p') then
    return jsonb_build_object('code', 'not_a_table', 'kind', case v_class.relkind
      when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'relation' end);
  elsif not has_table_privilege(v_class.oid, 'select') then
    return jsonb_build_object('code', 'not_readable');
  end if;
  return jsonb_build_object(
    'code', 'described',
    'source', format('%I.%I', v_schema, v_class.relname),
    'columns', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', attribute.attname, 'type', format_type(attribute.atttypid, attribute.atttypmod)
      ) order by attribute.attnum), '[]')
      from pg_catalog.pg_attribute as attribute
      where attribute.attrelid = v_class.oid and attribute.attnum > 0 and not attribute.attisdropped
    ),
    'keys', (
      select coalesce(jsonb_agg(distinct attribute.attname), '[]')
      from pg_catalog.pg_index as index
      join pg_catalog.pg_attribute as attribute
        on attribute.attrelid = index.indrelid and attribute.attnum = index.indkey[0] and attribute.attnotnull
      where index.indrelid = v_class.oid and index.indisunique and index.indisvalid and index.indpred is null
        and index.indnkeyatts = 1
    ),
    'rows', greatest(v_class.reltuples, 0)::bigint
  );
end
$$;
revoke all on function public.describe_import_source(jsonb) from public, anon, authenticated;
grant execute on function public.describe_import_source(jsonb) to service_role;

-- Every column that a mapping reads.
create function private.mapped_columns(p_mapping jsonb) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  return array(
    select distinct named.value
    from (
      select p_mapping ->> one.field as value
      from unnest(array['key', 'org_id', 'contact', 'contact_name', 'updated_at']) as one (field)
      union all
      select member.value from jsonb_each_text(coalesce(p_mapping -> 'columns', '{}')) as member
      union all
      select member.value from jsonb_each_text(coalesce(p_mapping -> 'attributes', '{}')) as member
    ) as named
    where named.value is not null
    order by 1
  );
end
$$;
revoke all on function private.mapped_columns(jsonb) from public, anon, authenticated;
grant execute on function private.mapped_columns(jsonb) to service_role;

-- Whether a mapping can be read from its table: 'checked' {source} | what describe_import_source refuses
--   | 'mapping_malformed' {field} | 'columns_missing' {columns} | 'key_not_unique' {key, keys}.
create function private.check_import_mapping(p_mapping jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_source jsonb;
  v_missing text[];
  v_member text;
begin
  foreach v_member in array array['columns', 'attributes', 'states', 'sides', 'values'] loop
    if jsonb_typeof(coalesce(p_mapping -> v_member, '{}')) <> 'object' or jsonb_path_exists(
      p_mapping, format('$.%s.* ? (@.type() != "string")', v_member)::jsonpath
    ) then
      return jsonb_build_object('code', 'mapping_malformed', 'field', v_member);
    end if;
  end loop;
  v_member := case
    when jsonb_typeof(p_mapping -> 'relation') is distinct from 'string' then 'relation'
    when jsonb_typeof(p_mapping -> 'key') is distinct from 'string' then 'key'
    when p_mapping ->> 'domain' is null or p_mapping ->> 'domain' not in (
      'marketplace', 'jobs', 'property', 'farmer', 'waiter', 'rides', 'business_broker'
    ) then 'domain'
    when coalesce(p_mapping ->> 'side', 'offer') not in ('offer', 'request') then 'side'
    when p_mapping #>> '{columns,title}' is null then 'columns.title'
    when p_mapping #>> '{columns,side}' is not null and p_mapping -> 'sides' is null then 'sides'
    when exists (
      select 1 from jsonb_each_text(coalesce(p_mapping -> 'states', '{}')) as state
      where state.value not in ('active', 'sold', 'closed', 'expired')
    ) then 'states'
    when exists (
      select 1 from jsonb_each_text(coalesce(p_mapping -> 'sides', '{}')) as side
      where side.value not in ('offer', 'request')
    ) then 'sides'
    when exists (
      select 1 from jsonb_object_keys(coalesce(p_mapping -> 'columns', '{}')) as target (name)
      where target.name not in (
        'title', 'description', 'category', 'price', 'currency', 'price_unit', 'quantity', 'place_name', 'latitude',
        'longitude', 'language', 'state', 'side', 'expires_at', 'created_at', 'attributes'
      )
    ) then 'columns'
    when exists (
      select 1 from jsonb_object_keys(coalesce(p_mapping -> 'values', '{}')) as target (name)
      where target.name not in ('category', 'currency', 'price_unit', 'place_name', 'language')
    ) then 'values'
  end;
  if v_member is not null then
    return jsonb_build_object('code', 'mapping_malformed', 'field', v_member);
  end if;

  v_source := public.describe_import_source(p_mapping);
  if v_source ->> 'code' <> 'described' then
    return v_source;
  end if;
  v_missing := array(
    select wanted.name from unnest(private.mapped_columns(p_mapping)) as wanted (name)
    where not v_source -> 'columns' @> jsonb_build_array(jsonb_build_object('name', wanted.name))
  );
  if v_missing <> '{}' then
    return jsonb_build_object('code', 'columns_missing', 'columns', to_jsonb(v_missing));
  elsif not v_source -> 'keys' ? (p_mapping ->> 'key') then
    return jsonb_build_object('code', 'key_not_unique', 'key', p_mapping ->> 'key', 'keys', v_source -> 'keys');
  end if;
  return jsonb_build_object('code', 'checked', 'source', v_source ->> 'source');
end
$$;
revoke all on function private.check_import_mapping(jsonb) from public, anon, authenticated;
grant execute on function private.check_import_mapping(jsonb) to service_role;

-- A row of the older table in the words of unified_listings: {listing} | {reason}.
create function private.map_listing(p_mapping jsonb, p_row jsonb, p_updated_at timestamptz) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_listing jsonb := coalesce(p_mapping -> 'values', '{}');
  v_target record;
  v_state text;
  v_side text;
begin
  for v_target in
    select wanted.key as name, p_row -> wanted.value as value
    from jsonb_each_text(p_mapping -> 'columns') as wanted
    where jsonb_typeof(p_row -> wanted.value) <> 'null'
  loop
    v_listing := v_listing || jsonb_build_object(v_target.name, v_target.value);
  end loop;
  if btrim(coalesce(v_listing ->> 'title', '')) = '' then
    return jsonb_build_object('reason', 'title_missing');
  end if;
  v_listing := v_listing || jsonb_build_object('title', btrim(v_listing ->> 'title'));

  if v_listing ->> 'price' = 'NaN' or v_listing ->> 'quantity' = 'NaN' then
    return jsonb_build_object('reason', 'not_a_number');
  elsif v_listing ->> 'expires_at' like '%infinity' or v_listing ->> 'created_at' like '%infinity' then
    return jsonb_build_object('reason', 'not_a_date');
  elsif jsonb_typeof(coalesce(v_listing -> 'attributes', '{}')) <> 'object' then
    return jsonb_build_object('reason', 'attributes_not_an_object');
  end if;

  v_state := lower(btrim(coalesce(v_listing ->> 'state', 'active')));
  v_state := coalesce(
    (
      select known.value from jsonb_each_text(coalesce(p_mapping -> 'states', '{}')) as known
      where lower(known.key) = v_state
    ),
    case when v_state in ('active', 'sold', 'closed', 'expired') then v_state end
  );
  if v_state is null then
    return jsonb_build_object('reason', 'state_unknown');
  end if;
  v_side := coalesce(p_mapping ->> 'side', 'offer');
  if v_listing ? 'side' then
    v_side := (
      select known.value from jsonb_each_text(p_mapping -> 'sides') as known
      where lower(known.key) = lower(btrim(v_listing ->> 'side'))
    );
    if v_side is null then
      return jsonb_build_object('reason', 'side_unknown');
    end if;
  end if;

  return jsonb_build_object('listing', v_listing || jsonb_build_object(
    'domain', p_mapping ->> 'domain',
    'side', v_side,
    'state', v_state,
    v_state || '_at', case when v_state <> 'active' then coalesce(p_updated_at, now()) end,
    'currency', upper(btrim(coalesce(v_listing ->> 'currency', 'RWF'))),
    'language', lower(btrim(coalesce(v_listing ->> 'language', 'en'))),
    'description', coalesce(v_listing ->> 'description', ''),
    'expires_at', coalesce(v_listing -> 'expires_at', to_jsonb(now() + interval '60 days')),
    'created_at', coalesce(v_listing -> 'created_at', to_jsonb(coalesce(p_updated_at, now()))),
    'updated_at', coalesce(p_updated_at, now()),
    'attributes', coalesce(v_listing -> 'attributes', '{}') || coalesce((
      select jsonb_object_agg(wanted.key, p_row -> wanted.value)
      from jsonb_each_text(coalesce(p_mapping -> 'attributes', '{}')) as wanted
      where jsonb_typeof(p_row -> wanted.value) <> 'null'
    ), '{}')
  ));
end
$$;
revoke all on function private.map_listing(jsonb, jsonb, timestamptz) from public, anon, authenticated;
grant execute on function private.map_listing(jsonb, jsonb, timestamptz) to service_role;

-- The first value that its column can't take; null where each can.
create function private.find_unreadable_value(p_listing jsonb) returns text
language plpgsql stable set search_path = '' as $$
declare
  v_member record;
begin
  for v_member in select * from jsonb_each(p_listing) loop
    begin
      perform jsonb_populate_record(null::public.unified_listings, jsonb_build_object(v_member.key, v_member.value));
    exception when data_exception then
      return v_member.key;
    end;
  end loop;
  return null;
end
$$;
revoke all on function private.find_unreadable_value(jsonb) from public, anon, authenticated;
grant execute on function private.find_unreadable_value(jsonb) to service_role;

-- One row, in the caller's transaction: 'imported', 'updated', 'unchanged', 'kept' (changed here since, or somebody
-- else's by now), 'gone' (deleted here since) or 'refused'. p_row: what the mapping reads of it.
create function private.import_listing(p_org_id uuid, p_source text, p_mapping jsonb, p_row jsonb) returns text
language plpgsql set search_path = '' as $$
declare
  v_key constant text := p_row ->> (p_mapping ->> 'key');
  v_has_contact constant boolean := p_mapping ->> 'contact' is not null;
  v_phone constant text := private.phone_digits(p_row ->> (p_mapping ->> 'contact'));
  v_known public.imported_listings;
  v_listing public.unified_listings;
  v_updated_at timestamptz;
  v_mapped jsonb;
  v_contact_id uuid;
  v_reason text;
  v_constraint text;
  v_column text;
  v_state text;
begin
  select * into v_known from public.imported_listings as known
  where known.org_id = p_org_id and known.source = p_source and known.source_key = v_key
  for update;
  begin
    v_updated_at := (p_row ->> (p_mapping ->> 'updated_at'))::timestamptz;
    if v_updated_at is not null and not isfinite(v_updated_at) then
      v_updated_at := null;
    end if;
    if v_known.imported_at is not null then
      select * into v_listing from public.unified_listings as listing
      where listing.org_id = p_org_id and listing.id = v_known.listing_id
      for update;
      if v_listing.id is null then
        return 'gone';
      elsif v_updated_at is null or v_updated_at <= v_known.source_updated_at then
        return 'unchanged';
      elsif (v_listing.revision <> v_known.listing_revision and v_listing.updated_at >= v_updated_at)
        or v_listing.contact_id is distinct from private.find_contact(p_org_id, 'phone', v_phone) then
        return 'kept';
      end if;
    end if;

    v_mapped := private.map_listing(p_mapping, p_row, v_updated_at);
    v_reason := coalesce(v_mapped ->> 'reason', case when v_has_contact and v_phone is null then 'contact_unreadable' end);
    if v_reason is null then
      if v_listing.id is null then
        if v_has_contact then
          v_contact_id := private.resolve_contact(p_org_id, v_phone, null);
          update public.contacts as contact
          set name = nullif(left(btrim(p_row ->> (p_mapping ->> 'contact_name')), 300), ''), updated_at = now()
          where contact.org_id = p_org_id and contact.id = v_contact_id and contact.name is null
            and btrim(p_row ->> (p_mapping ->> 'contact_name')) <> '';
        end if;
        insert into public.unified_listings (
          org_id, contact_id, domain, side, title, description, category, price, currency, price_unit, quantity,
          place_name, latitude, longitude, attributes, language, state, expires_at, sold_at, closed_at, expired_at,
          created_at, updated_at
        )
        select
          p_org_id, v_contact_id, new.domain, new.side, new.title, new.description, new.category, new.price,
          new.currency, new.price_unit, new.quantity, new.place_name, new.latitude, new.longitude, new.attributes,
          new.language, new.state, new.expires_at, new.sold_at, new.closed_at, new.expired_at, new.created_at,
          new.updated_at
        from jsonb_populate_record(null::public.unified_listings, v_mapped -> 'listing') as new
        returning * into v_listing;
      else
        update public.unified_listings as listing
        set (
          domain, side, title, description, category, price, currency, price_unit, quantity, place_name, latitude,
          longitude, attributes, language, state, expires_at, sold_at, closed_at, expired_at
        ) = (
          select
            new.domain, new.side, new.title, new.description, new.category, new.price, new.currency, new.price_unit,
            new.quantity, new.place_name, new.latitude, new.longitude, new.attributes, new.language, new.state,
            new.expires_at, new.sold_at, new.closed_at, new.expired_at
          from jsonb_populate_record(null::public.unified_listings, v_mapped -> 'listing') as new
        )
        where listing.org_id = p_org_id and listing.id = v_listing.id
        returning * into v_listing;
      end if;
    end if;
  exception when data_exception or integrity_constraint_violation or program_limit_exceeded then
    -- Its text may quote the row.
    get stacked diagnostics v_constraint = constraint_name, v_column = column_name, v_state = returned_sqlstate;
    v_reason := coalesce(
      nullif(v_constraint, ''), nullif(v_column, '') || '_missing',
      private.find_unreadable_value(v_mapped -> 'listing') || '_unreadable',
      case when v_mapped is null then 'updated_at_unreadable' when v_state like '54%' then 'too_large' else 'unreadable' end
    );
  end;

  if v_reason is not null then
    insert into public.imported_listings (org_id, source, source_key, state, reason, refused_at)
    values (p_org_id, p_source, v_key, 'refused', v_reason, now())
    on conflict (org_id, source, source_key) do update set
      state = excluded.state, reason = excluded.reason, refused_at = excluded.refused_at;
    return 'refused';
  end if;
  insert into public.imported_listings (
    org_id, source, source_key, state, listing_id, listing_revision, source_updated_at, imported_at
  ) values (p_org_id, p_source, v_key, 'imported', v_listing.id, v_listing.revision, v_updated_at, now())
  on conflict (org_id, source, source_key) do update set
    state = excluded.state, listing_id = excluded.listing_id, listing_revision = excluded.listing_revision,
    source_updated_at = excluded.source_updated_at, imported_at = excluded.imported_at,
    reason = null, refused_at = null;
  return case when v_known.imported_at is null then 'imported' else 'updated' end;
end
$$;
revoke all on function private.import_listing(uuid, text, jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.import_listing(uuid, text, jsonb, jsonb) to service_role;

-- At most so many rows behind a key: {counts, last_key, is_last, refusals: [{key, reason}]}. A mapping with org_id
-- skips the rows of others, which count as read, so that a page's work is bounded whoever they belong to.
create function private.import_listings_after(
  p_org_id uuid, p_source text, p_mapping jsonb, p_after text, p_limit integer
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_key constant text := p_mapping ->> 'key';
  v_key_type text;
  v_rows jsonb;
  v_row jsonb;
  v_outcome text;
  v_counts jsonb := '{}';
  v_refused text[] := '{}';
begin
  select format_type(attribute.atttypid, attribute.atttypmod) into v_key_type
  from pg_catalog.pg_attribute as attribute
  where attribute.attrelid = p_source::regclass and attribute.attname = v_key;
  execute format(
    'select coalesce(jsonb_agg(to_jsonb(page) order by page.%1$I), ''[]'') from (
       select %2$s from %3$s as source %4$s order by source.%1$I limit %5$s
     ) as page',
    v_key,
    (select string_agg(format('source.%I', name), ', ') from unnest(private.mapped_columns(p_mapping)) as name),
    p_source::regclass,
    case when p_after is not null then format('where source.%I > %L::%s', v_key, p_after, v_key_type) else '' end,
    p_limit
  ) into v_rows;

  -- In the order in which deliveries lock people: neither waits for the other while it is waited for.
  for v_row in
    select item.value
    from jsonb_array_elements(v_rows) with ordinality as item (value, place)
    order by private.phone_digits(item.value ->> (p_mapping ->> 'contact')), item.place
  loop
    v_outcome := case
      when p_mapping ->> 'org_id' is not null and v_row ->> (p_mapping ->> 'org_id') is distinct from p_org_id::text
        then 'skipped'
      else private.import_listing(p_org_id, p_source, p_mapping, v_row)
    end;
    v_counts := v_counts
      || jsonb_build_object(v_outcome, coalesce((v_counts ->> v_outcome)::bigint, 0) + 1);
    if v_outcome = 'refused' then
      v_refused := v_refused || (v_row ->> v_key);
    end if;
  end loop;
  return jsonb_build_object(
    'counts', v_counts || jsonb_build_object('read', jsonb_array_length(v_rows)),
    'last_key', coalesce(v_rows -> -1 ->> v_key, p_after),
    'is_last', jsonb_array_length(v_rows) < p_limit,
    'refusals', (
      select coalesce(jsonb_agg(jsonb_build_object('key', known.source_key, 'reason', known.reason)), '[]')
      from public.imported_listings as known
      where known.org_id = p_org_id and known.source = p_source and known.source_key = any (v_refused)
    )
  );
end
$$;
revoke all on function private.import_listings_after(uuid, text, jsonb, text, integer) from public, anon, authenticated;
grant execute on function private.import_listings_after(uuid, text, jsonb, text, integer) to service_role;

-- {org_id, mapping, after|null, limit} -> 'previewed' {counts, last_key, is_last, refusals} | what
-- check_import_mapping refuses | 'organization_not_found'. Does what an import does, and takes it back.
create function public.preview_listings_page(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_checked constant jsonb := private.check_import_mapping(request -> 'mapping');
  v_page jsonb;
begin
  if v_checked ->> 'code' <> 'checked' then
    return v_checked;
  elsif not exists (select 1 from public.organizations as organization where organization.id = v_org_id) then
    return jsonb_build_object('code', 'organization_not_found');
  end if;
  begin
    v_page := private.import_listings_after(
      v_org_id, v_checked ->> 'source', request -> 'mapping', request ->> 'after',
      least(greatest(coalesce((request ->> 'limit')::integer, 200), 1), 1000)
    );
    raise exception 'taken back' using errcode = 'SB001';
  exception when sqlstate 'SB001' then
    return v_page || jsonb_build_object('code', 'previewed');
  end;
end
$$;
revoke all on function public.preview_listings_page(jsonb) from public, anon, authenticated;
grant execute on function public.preview_listings_page(jsonb) to service_role;

-- {org_id, mapping, restart?} -> 'begun' {source, pass, is_resumed, last_key, counts} | 'mapping_changed': the pass
-- before was cut off with another one; restart begins anew | refusals as of a preview. A pass that was cut off goes
-- on where it was; after one that is complete another begins.
create function public.begin_listing_import(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_mapping constant jsonb := request -> 'mapping';
  v_restarts constant boolean := coalesce((request ->> 'restart')::boolean, false);
  v_checked constant jsonb := private.check_import_mapping(v_mapping);
  v_import public.listing_imports;
  v_is_new boolean;
begin
  if v_checked ->> 'code' <> 'checked' then
    return v_checked;
  elsif not exists (select 1 from public.organizations as organization where organization.id = v_org_id) then
    return jsonb_build_object('code', 'organization_not_found');
  end if;
  insert into public.listing_imports (org_id, source, mapping)
  values (v_org_id, v_checked ->> 'source', v_mapping)
  on conflict (org_id, source) do nothing;
  v_is_new := found;
  select * into v_import from public.listing_imports as import
  where import.org_id = v_org_id and import.source = v_checked ->> 'source'
  for update;
  if v_import.state = 'started' and v_import.mapping <> v_mapping and not v_restarts then
    return jsonb_build_object('code', 'mapping_changed', 'source', v_import.source, 'last_key', v_import.last_key);
  elsif not v_is_new and (v_import.state = 'completed' or v_restarts) then
    update public.listing_imports as import
    set state = 'started', mapping = v_mapping, pass = import.pass + 1, last_key = null, counts = '{}',
        started_at = now(), completed_at = null
    where import.id = v_import.id
    returning * into v_import;
    v_is_new := true;
  end if;
  return jsonb_build_object(
    'code', 'begun', 'source', v_import.source, 'pass', v_import.pass, 'is_resumed', not v_is_new,
    'last_key', v_import.last_key, 'counts', v_import.counts
  );
end
$$;
revoke all on function public.begin_listing_import(jsonb) from public, anon, authenticated;
grant execute on function public.begin_listing_import(jsonb) to service_role;

-- {org_id, source, pass, limit} -> 'imported' {state, counts (of the pass), last_key, refusals (of the page)}
--   | 'superseded': another pass began, or this one is complete | refusals as of a preview: the table has changed.
-- The page and how far it got are one transaction, and two processes take one page after the other.
create function public.import_listings_page(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_limit constant integer := least(greatest(coalesce((request ->> 'limit')::integer, 200), 1), 1000);
  v_import public.listing_imports;
  v_checked jsonb;
  v_page jsonb;
begin
  select * into v_import from public.listing_imports as import
  where import.org_id = (request ->> 'org_id')::uuid and import.source = request ->> 'source'
  for update;
  if v_import.pass is distinct from (request ->> 'pass')::integer or v_import.state <> 'started' then
    return jsonb_build_object('code', 'superseded');
  end if;
  v_checked := private.check_import_mapping(v_import.mapping);
  if v_checked ->> 'code' <> 'checked' then
    return v_checked;
  end if;
  v_page := private.import_listings_after(
    v_import.org_id, v_import.source, v_import.mapping, v_import.last_key, v_limit
  );
  update public.listing_imports as import
  set last_key = v_page ->> 'last_key',
      counts = import.counts || (
        select jsonb_object_agg(page.key, coalesce((import.counts ->> page.key)::bigint, 0) + page.value::bigint)
        from jsonb_each_text(v_page -> 'counts') as page
      ),
      state = case when (v_page ->> 'is_last')::boolean then 'completed' else 'started' end,
      completed_at = case when (v_page ->> 'is_last')::boolean then now() end
  where import.id = v_import.id
  returning * into v_import;
  return jsonb_build_object(
    'code', 'imported', 'state', v_import.state, 'counts', v_import.counts, 'last_key', v_import.last_key,
    'refusals', v_page -> 'refusals'
  );
end
$$;
revoke all on function public.import_listings_page(jsonb) from public, anon, authenticated;
grant execute on function public.import_listings_page(jsonb) to service_role;

-- {org_id} -> 'read' {imports: [{source, state, pass, counts, started_at, completed_at, refused: {reason: how many}}]}.
create function public.read_listing_imports(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  return jsonb_build_object('code', 'read', 'imports', (
    select coalesce(jsonb_agg(jsonb_build_object(
      'source', import.source, 'state', import.state, 'pass', import.pass, 'counts', import.counts,
      'started_at', import.started_at, 'completed_at', import.completed_at,
      'refused', (
        select coalesce(jsonb_object_agg(refused.reason, refused.rows), '{}')
        from (
          select known.reason, count(*) as rows
          from public.imported_listings as known
          where known.org_id = import.org_id and known.source = import.source and known.state = 'refused'
          group by known.reason
        ) as refused
      )
    ) order by import.source), '[]')
    from public.listing_imports as import
    where import.org_id = (request ->> 'org_id')::uuid
  ));
end
$$;
revoke all on function public.read_listing_imports(jsonb) from public, anon, authenticated;
grant execute on function public.read_listing_imports(jsonb) to service_role;

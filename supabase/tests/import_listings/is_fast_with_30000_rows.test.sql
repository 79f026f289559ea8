begin;
\ir ../people.psql
\ir ../import_listings.psql
select no_plan();

create table older.items (id uuid primary key, name text, seller text, changed_at timestamptz);
grant select on older.items to service_role;
insert into older.items
select md5(n::text)::uuid, 'Item ' || n, '250788' || lpad((n % 300)::text, 6, '1'), now() from generate_series(1, 30000) as n;
-- As many have been imported into others before.
insert into public.imported_listings (org_id, source, source_key, state, imported_at)
select tests.id('market'), 'older.items', md5(n::text), 'imported', now() from generate_series(1, 30000) as n;

create function tests.scans() returns bigint language sql as $$
  select pg_stat_get_xact_numscans('older.items'::regclass) + pg_stat_get_xact_numscans('public.imported_listings'::regclass)
    + pg_stat_get_xact_numscans('public.unified_listings'::regclass) + pg_stat_get_xact_numscans('public.contact_identities'::regclass)
$$;
create function tests.tuples_read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(indexrelid))::bigint from pg_index
  where indrelid in ('older.items'::regclass, 'public.imported_listings'::regclass)
$$;
create function tests.item_pages(p_pages integer) returns bigint language sql as $$
  select max((public.import_listings_page(jsonb_build_object(
    'org_id', tests.id('clinic'), 'source', 'older.items', 'pass', 1, 'limit', 50
  )) #>> '{counts,imported}')::bigint)
  from generate_series(1, p_pages)
$$;
grant execute on all functions in schema tests to service_role;
select tests.act_as('service role');
select public.begin_listing_import(jsonb_build_object('org_id', tests.id('clinic'), 'mapping', '{
  "relation": "older.items", "key": "id", "domain": "marketplace", "contact": "seller", "updated_at": "changed_at",
  "columns": {"title": "name"}
}'::jsonb));

select tests.remember('scans', to_jsonb(tests.scans()));
select tests.remember('read', to_jsonb(tests.tuples_read()));
select is(tests.item_pages(10), 500::bigint, 'ten pages of fifty');
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(
  tests.tuples_read() - (tests.recall('read'))::text::bigint, '<', 5000::bigint, 'and a few entries read for each row, however many there are'
);

select * from finish();
rollback;

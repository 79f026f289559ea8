begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
\ir ../agents.psql

select setseed(0.5);
-- 100,000 listings of 1,000 organizations, and 5,000 of the clinic around Kigali.
insert into public.organizations (id, name) select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 1000) as n;
insert into public.unified_listings (org_id, domain, title, category, price, latitude, longitude, created_at)
select md5((n % 1000 + 1)::text)::uuid, 'marketplace', 'Bicycle ' || n, 'bikes', n, -2.5 + random(), 29 + random(), now() - make_interval(secs => n)
from generate_series(1, 100000) as n;
insert into public.unified_listings (org_id, domain, title, category, price, latitude, longitude, created_at)
select tests.id('clinic'), (array['marketplace', 'property'])[n % 2 + 1], case n % 100 when 0 then 'Piano ' else 'Bicycle ' end || n, 'bikes', n,
  -2.5 + random(), 29 + random(), now() - make_interval(secs => n)
from generate_series(1, 5000) as n;
analyze public.unified_listings;

create function tests.scans() returns bigint language sql as $$
  select pg_stat_get_xact_numscans('public.unified_listings'::regclass)
$$;
create function tests.rows_read() returns bigint language sql as $$
  select pg_stat_get_xact_tuples_fetched('public.unified_listings'::regclass)
$$;
select tests.act_as('service role');
create function tests.costs(p_read jsonb) returns text language plpgsql as $$
declare
  v_scans constant bigint := tests.scans();
  v_rows constant bigint := tests.rows_read();
  v_found bigint;
begin
  v_found := jsonb_array_length(tests.read('ann', '{"kind": "listings", "domains": ["marketplace"], "side": "offer", "limit": 10}'::jsonb || p_read) -> 'listings');
  return format('%s found, %s', v_found, case
    when tests.scans() > v_scans then 'read the whole table' when tests.rows_read() - v_rows > 1500 then 'read ' || (tests.rows_read() - v_rows)
    else 'read few' end);
end
$$;

select is(tests.costs('{}'), '10 found, read few', 'the newest');
select is(tests.costs('{"words": "piano"}'), '10 found, read few', 'a word that few have here');
select is(tests.costs('{"words": "piano 3600"}'), '1 found, read few', 'words that one has');
select is(tests.costs('{"near": {"latitude": -1.95, "longitude": 29.5, "within_km": 10}}'), '10 found, read few', 'nearby');
select is(tests.costs('{"near": {"latitude": -1.95, "longitude": 29.5, "within_km": 10}, "words": "bicycle"}'), '10 found, read few', 'nearby, a word that everybody has');
select is(tests.costs('{"domains": ["marketplace", "property", "jobs"]}'), '10 found, read few', 'the newest of several domains');
select is(tests.costs('{"mine": true}'), '0 found, read few', 'one''s own');
select is(tests.read('ann', '{"kind": "prices", "domain": "marketplace", "category": "bikes"}') #> '{prices,count}', '2500', 'prices of one organization');

select * from finish();
rollback;

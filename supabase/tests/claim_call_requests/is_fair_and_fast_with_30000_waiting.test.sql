begin;
\ir ../people.psql
select no_plan();

insert into public.organizations (id, name)
select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 1000) as n;
insert into public.contacts (id, org_id, rollout_key)
select md5('c' || n)::uuid, md5((n % 1000 + 1)::text)::uuid, 'k' || n from generate_series(1, 60000) as n;
insert into public.contacts (id, org_id, rollout_key)
select md5('clinic' || n)::uuid, tests.id('clinic'), 'k' || n from generate_series(1, 30000) as n;
insert into public.call_requests (org_id, contact_id, reason, due_at, state, completed_at)
select contact.org_id, contact.id, 'Prices',
  now() + case when row_number() over () % 3 = 0 then interval '1 hour' else -interval '1 hour' end,
  case when row_number() over () > 30000 then 'completed' else 'requested' end, now()
from public.contacts as contact where contact.org_id <> tests.id('clinic');
insert into public.call_requests (org_id, contact_id, reason, due_at)
select org_id, id, 'Prices', now() - interval '2 hours' from public.contacts where org_id = tests.id('clinic');

create function pg_temp.scans() returns bigint language sql as $$
  select pg_stat_get_xact_numscans('public.call_requests'::regclass)
$$;
create function pg_temp.entries_read() returns bigint language sql as $$
  select pg_stat_get_xact_tuples_returned('public.call_requests'::regclass) + (
    select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid = 'public.call_requests'::regclass
  )
$$;
create function pg_temp.claim_ten_times(p_limit integer) returns setof jsonb language sql as $$
  select jsonb_array_elements(public.claim_call_requests(jsonb_build_object('limit', p_limit, 'lease_seconds', 60)) -> 'requests')
  from generate_series(1, 10)
$$;

select tests.remember('scans', to_jsonb(pg_temp.scans()));
select tests.remember('read', to_jsonb(pg_temp.entries_read()));
create temporary table claimed as select * from pg_temp.claim_ten_times(100) as request;
select is((select count(distinct request ->> 'id') from claimed), 1000::bigint, 'ten claims of a hundred, none of them twice');
select cmp_ok(
  (select count(*) from claimed where request ->> 'org_id' = tests.id('clinic')::text), '<=', 10::bigint,
  'the organization with the backlog gets no more than the others'
);
select is((select count(*) from pg_temp.claim_ten_times(1)), 10::bigint, 'and ten of a single one');
select is(to_jsonb(pg_temp.scans()), tests.recall('scans'), 'without one sequential scan');
-- Twenty claims. In one transaction each also passes the dead entries of those before it: how many depends
-- on where it begins. Reading the backlog each time would be 1,800,000.
select cmp_ok(
  pg_temp.entries_read() - (tests.recall('read'))::text::bigint, '<', 200000::bigint, 'and read a few entries for each, however many wait'
);
select is(private.queue_due_place_calls(), 1, 'a job is queued for all of it');

select * from finish();
rollback;

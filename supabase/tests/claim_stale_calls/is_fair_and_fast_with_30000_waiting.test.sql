begin;
\ir ../people.psql
select no_plan();

insert into public.organizations (id, name)
select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 1000) as n;
insert into public.call_tracking (org_id, vapi_call_id, state, answered_at, report_due_at, reported_at)
select md5((n % 1000 + 1)::text)::uuid, 'c' || n, 'answered', now(),
  now() + case when n % 3 = 0 then interval '1 hour' else -interval '1 hour' end,
  case when n > 30000 then now() end
from generate_series(1, 60000) as n;
insert into public.call_tracking (org_id, vapi_call_id, state, answered_at, report_due_at)
select tests.id('clinic'), 'clinic' || n, 'answered', now(), now() - interval '2 hours' from generate_series(1, 30000) as n;

create function pg_temp.scans() returns bigint language sql as $$
  select pg_stat_get_xact_numscans('public.call_tracking'::regclass)
$$;
create function pg_temp.entries_read() returns bigint language sql as $$
  select pg_stat_get_xact_tuples_returned('public.call_tracking'::regclass) + (
    select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid = 'public.call_tracking'::regclass
  )
$$;
create function pg_temp.claim_ten_times(p_limit integer) returns setof jsonb language sql as $$
  select jsonb_array_elements(public.claim_stale_calls(jsonb_build_object('limit', p_limit, 'lease_seconds', 60)) -> 'calls')
  from generate_series(1, 10)
$$;

select tests.remember('scans', to_jsonb(pg_temp.scans()));
select tests.remember('read', to_jsonb(pg_temp.entries_read()));
create temporary table claimed as select * from pg_temp.claim_ten_times(100) as call;
select is((select count(distinct call ->> 'id') from claimed), 1000::bigint, 'ten claims of a hundred, none of them twice');
select cmp_ok(
  (select count(*) from claimed where call ->> 'org_id' = tests.id('clinic')::text), '<=', 10::bigint,
  'the organization with the backlog gets no more than the others'
);
select is((select count(*) from pg_temp.claim_ten_times(1)), 10::bigint, 'and ten of a single one');
select is(to_jsonb(pg_temp.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(
  pg_temp.entries_read() - (tests.recall('read'))::text::bigint, '<', 60000::bigint, 'and read a few entries for each, however many wait'
);
select is(private.queue_due_reconcile_calls(), 1, 'a job is queued for all of it');

select * from finish();
rollback;

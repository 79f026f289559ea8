begin;
\ir ../people.psql
select no_plan();

insert into public.organizations (id, name)
select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 1000) as n;
-- A third of each organization's jobs is in its backoff, and one organization has all of another kind.
insert into public.background_jobs (kind, org_id, available_at)
select 'sync_agent', md5((n % 1000 + 1)::text)::uuid, now() + case when n % 3 = 0 then interval '1 hour' else -interval '1 hour' end
from generate_series(1, 30000) as n;
insert into public.background_jobs (kind, org_id, available_at)
select 'verify_credentials', tests.id('clinic'), now() - interval '1 hour' from generate_series(1, 30000);

-- Sequential scans of the jobs so far, in this transaction.
create function tests.scans() returns bigint language sql as $$
  select pg_stat_get_xact_numscans('public.background_jobs'::regclass)
$$;
create function tests.tuples_read() returns bigint language sql as $$
  select pg_stat_get_xact_tuples_returned('public.background_jobs'::regclass)
    + (select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid = 'public.background_jobs'::regclass)
$$;
-- Ten times, since PostgreSQL may change its plan after the fifth.
create function tests.claim_ten_times(p_kind text, p_limit integer) returns bigint language sql as $$
  select sum(jsonb_array_length(public.claim_jobs(jsonb_build_object(
    'kind', p_kind, 'limit', p_limit, 'lease_seconds', 60, 'worker_id', 'w' || n
  )) -> 'jobs'))::bigint
  from generate_series(1, 10) as n
$$;

select tests.remember('scans', to_jsonb(tests.scans()));
select tests.remember('read', to_jsonb(tests.tuples_read()));
select is(tests.claim_ten_times('sync_agent', 100), 1000::bigint, 'ten claims of a hundred over a thousand organizations');
select is(tests.claim_ten_times('verify_credentials', 100), 1000::bigint, 'ten of an organization with a backlog of its own');
select is(tests.claim_ten_times('verify_credentials', 1), 10::bigint, 'and ten of a single job');
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'without one sequential scan of the table');
select cmp_ok(
  tests.tuples_read() - (tests.recall('read'))::text::bigint, '<', 100000::bigint, 'and read a few entries for each job, however many wait'
);
select is(
  (select count(distinct org_id) from public.background_jobs where state = 'claimed' and kind = 'sync_agent'), 1000::bigint,
  'each organization was served once'
);

select tests.remember('scans', to_jsonb(tests.scans()));
select is(public.read_health('{}') #>> '{background_jobs,queued}', '10000', 'health counts to ten thousand and stops');
select public.read_sync_status(jsonb_build_object('org_id', md5('1')::uuid)) from generate_series(1, 10);
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'nor do health and status scan it');

select tests.remember('ids', (
  select jsonb_agg(claimed.id) from (select id from public.background_jobs where state = 'claimed' limit 10) as claimed
));
select tests.remember('scans', to_jsonb(tests.scans()));
select tests.remember('read', to_jsonb(tests.tuples_read()));
select public.complete_job(jsonb_build_object('id', id, 'fencing_token', 1, 'outcome', 'completed'))
from jsonb_array_elements(tests.recall('ids')) as id;
select is(to_jsonb(tests.scans()), tests.recall('scans'), 'nor does completing a job');
select cmp_ok(
  tests.tuples_read() - (tests.recall('read'))::text::bigint, '<', 100::bigint, 'which reads that job and no other'
);

select * from finish();
rollback;

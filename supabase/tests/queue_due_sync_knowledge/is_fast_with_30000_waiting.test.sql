begin;
\ir ../people.psql
select no_plan();

insert into public.organizations (id, name)
select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 30000) as n;
insert into public.integrations (org_id, provider, connected, fingerprint, public_config)
select md5(n::text)::uuid, 'vapi', true, 'fp-' || n, '{}' from generate_series(1, 30000) as n;
-- All of them have a sync behind them, each hundredth one has something to do.
insert into public.knowledge_syncs (org_id, due_at)
select md5(n::text)::uuid, case when n % 100 = 0 then now() - interval '1 minute' when n % 3 = 0 then now() + interval '1 hour' end
from generate_series(1, 30000) as n;
insert into public.leases (org_id, resource, fencing_token, holder, lease_seconds, claimed_at, expires_at)
select md5(n::text)::uuid, 'knowledge_sync', n, 'h', 60, now(), now() + interval '1 minute' from generate_series(1000, 30000, 1000) as n;
analyze public.knowledge_syncs, public.integrations, public.leases, public.background_jobs;

create function tests.tuples_read() returns bigint language sql as $$
  select pg_stat_get_xact_tuples_returned('public.knowledge_syncs'::regclass)
    + (select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid = 'public.knowledge_syncs'::regclass)
$$;
select tests.remember('read', to_jsonb(tests.tuples_read()));
select is(private.queue_due_sync_knowledge(), 270, 'what is due is queued, but for what somebody is at');
select is(private.queue_due_sync_knowledge(), 0, 'and queued once');
select cmp_ok(
  tests.tuples_read() - (tests.recall('read'))::text::bigint, '<', 5000::bigint, 'without reading those that aren''t'
);
select * from finish();
rollback;

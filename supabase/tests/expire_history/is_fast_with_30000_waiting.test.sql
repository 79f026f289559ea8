begin;
\ir ../people.psql
select no_plan();

-- A page of the oldest is found by reading a page, however many wait.
select public.expire_history('{"limit": 10}') from generate_series(1, 10);
insert into public.audit_log (org_id, actor, action, created_at)
select tests.id('clinic'), 'system', 'test', now() - interval '9 years' from generate_series(1, 30000);
insert into public.provider_call_stats (minute, org_id, provider, operation, outcome, call_count, duration_ms_total, duration_ms_max)
select date_trunc('minute', now() - interval '2 years', 'UTC') - make_interval(mins => n), tests.id('clinic'), 'vapi', 'x', 'succeeded', 1, 1, 1
from generate_series(1, 30000) as n;
insert into public.alerts (org_id, rule, severity, message, state, resolved_at)
select tests.id('clinic'), 'x', 'info', 'x', 'resolved', now() - interval '9 years' from generate_series(1, 30000);
insert into public.contacts (id, org_id, rollout_key)
select md5('c' || n)::uuid, tests.id('clinic'), n::text from generate_series(1, 30000) as n;
insert into public.unified_listings (org_id, contact_id, domain, title, state, sold_at, updated_at)
select org_id, id, 'jobs', 'x', 'sold', now(), now() - interval '9 years' from public.contacts;
insert into public.hand_overs (org_id, contact_id, reason, state, released_at)
select org_id, id, 'x', 'released', now() - interval '9 years' from public.contacts;

create function tests.tables() returns setof oid language sql as $$
  select unnest(array['public.audit_log'::regclass, 'public.provider_call_stats', 'public.alerts', 'public.unified_listings', 'public.hand_overs'])::oid
$$;
create function tests.read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(oid))::bigint + (
    select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid in (select tests.tables())
  )::bigint
  from tests.tables() as oid
$$;
select tests.remember('read', to_jsonb(tests.read()));
select is(
  (
    select sum(counted.value::integer)
    from generate_series(1, 10) as round, public.expire_history(jsonb_build_object('limit', 10, 'round', round)) as answer,
      jsonb_each_text(answer - 'code') as counted
  ),
  500::bigint, 'ten pages of ten of five tables'
);
select cmp_ok(tests.read() - tests.recall('read')::text::bigint, '<', 30000::bigint, 'read a few entries for each row, however many wait');
select * from finish();
rollback;

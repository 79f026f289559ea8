-- A year's alerts, events and dead letters: neither an evaluation nor a delivery reads them all.
begin;
\ir ../people.psql
\ir ../alerts.psql
select no_plan();

-- How large the database is, and how many are connected, other tests have a say in.
update public.alert_rules set enabled = false where kind in ('database_growth', 'pool_use');
insert into public.alerts (org_id, rule, dedupe_key, severity, message, state, raised_at, resolved_at)
select tests.id('clinic'), 'slow_sync', n::text, 'warning', 'Slow', 'resolved', now() - make_interval(mins => n * 5 + 20000),
  now() - make_interval(mins => n * 5 + 20000)
from generate_series(1, 50000) as n;
insert into public.alert_deliveries (alert_id, channel, event, state, sent_at)
select alert.id, 'webhook', event.name, 'sent', now() from public.alerts as alert cross join unnest(array['raised', 'resolved']) as event (name);
insert into public.operation_events (org_id, operation, outcome, actor, duration_ms, created_at)
select tests.id('clinic'), 'agent_sync', 'succeeded', 'system', 20000, now() - interval '1 hour' - make_interval(secs => n % 3000)
from generate_series(1, 30000) as n;
insert into public.audit_log (org_id, actor, action, created_at)
select tests.id('clinic'), 'system', case when n % 2 = 0 then 'access_refused' else 'agent_paused' end, now() - make_interval(mins => n + 60)
from generate_series(1, 30000) as n;
insert into public.provider_call_stats (minute, org_id, provider, operation, outcome, call_count, duration_ms_total, duration_ms_max)
select date_trunc('minute', now(), 'UTC') - make_interval(mins => n + 60), tests.id('clinic'), 'vapi', 'get', 'rejected_by_breaker', 1, 1, 1
from generate_series(1, 30000) as n;
insert into public.dead_letters (org_id, source, source_id, reason, replayed_at)
select tests.id('clinic'), 'vapi', n::text, 'it broke', now() from generate_series(1, 30000) as n;
insert into public.background_jobs (org_id, kind, available_at)
select tests.id('clinic'), 'sync_agent', now() - interval '1 second' from generate_series(1, 30000);
insert into public.legacy_deliveries (org_id, body, is_whole, created_at, due_at)
select tests.id('clinic'), 'x', false, now() - make_interval(secs => n % 200), now() + interval '1 hour' from generate_series(1, 30000) as n;
-- A thousand organizations' last hour, of whom fifty burn.
insert into public.organizations (id, name)
select ('e0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Organization ' || n from generate_series(1, 1000) as n;
insert into public.metric_minutes (org_id, metric, label, minute, succeeded_count, failed_count, duration_counts)
select ('e0000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'turn', 'jobs', date_trunc('minute', now(), 'UTC') - make_interval(mins => ago),
  5, case when n <= 50 then 5 else 0 end, array(select 1 from generate_series(1, 20))
from generate_series(1, 1000) as n, generate_series(0, 59) as ago;
analyze public.metric_minutes, public.alerts, public.alert_deliveries, public.operation_events, public.audit_log, public.provider_call_stats,
  public.dead_letters, public.background_jobs, public.legacy_deliveries;

-- Scans of a whole table, or of a partition that holds something.
create function tests.whole_scans(p_table text) returns numeric language sql as $$
  select sum(pg_stat_get_xact_numscans(part.oid))
  from pg_class as part
  where part.oid = p_table::regclass
    or (part.reltuples > 1000 and part.oid in (select inhrelid from pg_inherits where inhparent = p_table::regclass))
$$;
create temporary table before as
select name, tests.whole_scans(name) as scans
from unnest(array[
  'public.alerts', 'public.alert_deliveries', 'public.operation_events', 'public.audit_log', 'public.provider_call_stats',
  'public.dead_letters', 'public.background_jobs', 'public.legacy_deliveries', 'public.metric_minutes', 'public.metric_hours'
]) as name;

select tests.act_as('service role');
-- So often that a plan for any argument would have been chosen.
select tests.evaluate(7);
select results_eq(
  $$select alert ->> 'rule', count(*) from jsonb_array_elements(public.list_alerts('{"state": "open", "limit": 100}') -> 'alerts') as alert group by 1$$,
  $$values ('service_level_burns_for_one', 20::bigint)$$, 'of those who burn a few are named, and nothing else is open'
);
select is(
  (select array_agg(jsonb_array_length(
    public.claim_alert_deliveries('{"channels": ["webhook"], "limit": 10, "lease_seconds": 60}') -> 'deliveries'
  )) from generate_series(1, 7)),
  '{10,10,0,0,0,0,0}', 'and nothing more is to be told'
);
select is(jsonb_array_length(public.list_alerts('{"limit": 20}') -> 'alerts'), 20, 'a page of the newest');

select tests.act_as('operator');
select is(tests.whole_scans(before.name) - before.scans, 0::numeric, before.name || ' is not read whole') from before;

select * from finish();
rollback;

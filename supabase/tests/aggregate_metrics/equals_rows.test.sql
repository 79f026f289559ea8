begin;
\ir ../people.psql
\ir ../metrics.psql
select no_plan();

-- Turns of two organizations, spread over the last 26 hours by arithmetic and not by chance.
select tests.act_as('operator');
insert into public.unified_agent_events (
  org_id, correlation_id, event_type, outcome, agent, response_ms, input_tokens, cost_usd, created_at
)
select
  tests.id(case when n % 3 = 0 then 'market' else 'clinic' end), 'c' || n, 'turn',
  (array['succeeded', 'succeeded', 'failed', 'ignored', 'succeeded'])[n % 5 + 1],
  (array['jobs', 'rides', null])[n % 3 + 1], case when n % 7 > 0 then n * 7919 % 70000 end, n % 11, n % 4 * 0.001,
  now() - make_interval(secs => n * 104729 % 93600)
from generate_series(1, 3000) as n;
insert into public.unified_agent_events (org_id, correlation_id, event_type, outcome, agent, response_ms, created_at)
select tests.id('clinic'), 'now', 'turn', 'succeeded', 'jobs', 5, now();
-- So old that hours alone are kept of them.
insert into public.unified_agent_events (org_id, correlation_id, event_type, outcome, agent, response_ms, created_at)
select tests.id('clinic'), 'old', 'turn', 'succeeded', 'jobs', n, now() - make_interval(hours => 48 + n) from generate_series(1, 100) as n;
insert into public.operation_events (org_id, operation, outcome, actor, duration_ms, created_at) values
  (tests.id('clinic'), 'workspace_save', 'succeeded', 'system', 700, now() - interval '2 minutes'),
  (tests.id('clinic'), 'workspace_save', 'failed', 'system', 900, now() - interval '2 minutes'),
  (tests.id('clinic'), 'workspace_save', 'refused', 'system', null, now() - interval '2 minutes'),
  (tests.id('clinic'), 'knowledge_sync', 'partially_succeeded', 'system', 60001, now() - interval '2 minutes'),
  (null, 'agent_sync', 'failed', 'system', 1, now() - interval '2 minutes');
insert into public.operation_events (org_id, operation, outcome, actor, duration_ms, details, created_at) values
  (tests.id('clinic'), 'workspace_save', 'partially_succeeded', 'system', 900, '{}', now() - interval '2 minutes'),
  (tests.id('clinic'), 'knowledge_sync', 'succeeded', 'system', 900, '{}', now() - interval '2 minutes'),
  (tests.id('clinic'), 'knowledge_sync', 'failed', 'system', 900, '{"goes_on": true}', now() - interval '2 minutes');

create function tests.all_metrics() returns jsonb language sql as $$
  select jsonb_build_object(
    'minutes', (select jsonb_agg(to_jsonb(m) order by m.scope, m.metric, m.minute, m.label) from public.metric_minutes as m),
    'hours', (select jsonb_agg(to_jsonb(h) order by h.scope, h.metric, h.hour, h.label) from public.metric_hours as h)
  )
$$;
-- The slow way: the rows themselves, each bucket counted by its bounds.
create function tests.recount(p_org_id uuid, p_from timestamptz, p_to timestamptz) returns jsonb language sql as $$
  with turn as (
    select * from public.unified_agent_events as event
    where (p_org_id is null or event.org_id = p_org_id) and event.event_type = 'turn'
      and event.outcome in ('succeeded', 'failed') and event.created_at >= p_from and event.created_at < p_to
  )
  select jsonb_build_object(
    'succeeded', (select count(*) from turn where outcome = 'succeeded'),
    'failed', (select count(*) from turn where outcome = 'failed'),
    'value_total', (select coalesce(sum(message_count), 0) from turn),
    'duration_counts', (
      select case when bool_and(bucket.size = 0) then '[]' else jsonb_agg(bucket.size order by bucket.place) end
      from (
        select bound.place, (
          select count(*) from turn
          where turn.response_ms > coalesce((private.metric_bounds())[bound.place - 1], -1)
            and turn.response_ms <= coalesce((private.metric_bounds())[bound.place], 2147483647)
        ) as size
        from generate_series(1, 20) as bound (place)
      ) as bucket
    )
  )
$$;

select tests.act_as('service role');
select tests.aggregate();
select tests.act_as('operator');

select is(
  to_jsonb(private.read_metric(tests.id(org), 'turn', date_trunc('minute', now()) - before, now() + interval '1 minute')),
  tests.recount(tests.id(org), date_trunc('minute', now()) - before, now() + interval '1 minute'),
  format('turns of %s over %s are its rows', coalesce(org, 'everybody'), before)
)
from unnest(array['clinic', 'market', 'branch', null]) as org,
  unnest(array[interval '5 minutes', '1 hour', '61 minutes', '119 minutes', '24 hours', '7 days']) as before;
select is(
  to_jsonb(private.read_metric(null, 'turn', begins, begins + long)),
  tests.recount(null, begins, begins + long),
  format('so are those of any %s', long)
)
from (
  select date_trunc('minute', now()) - make_interval(mins => n * 37 % 1500) as begins, make_interval(mins => n * n) as long
  from generate_series(1, 25) as n
) as stretch;
select is(
  to_jsonb(private.read_metric(null, 'turn', begins, begins + interval '50 hours')), tests.recount(null, begins, begins + interval '50 hours'),
  'so are those of days ago, by whole hours'
)
from (select date_trunc('hour', now(), 'UTC') - make_interval(hours => n * 20) as begins from generate_series(1, 7) as n) as stretch;
select is_empty('select 1 from public.metric_minutes where minute < now() - interval ''49 hours''', 'without minutes');
select results_eq(
  format('select * from private.metric_totals_by_length(%L, private.metric_names(), %L, %L) order by 1, 2, 3', org_id, lengths, ends),
  format(
    'select length, total.* from unnest(%L::interval[]) as length, lateral private.metric_totals(%L, private.metric_names(), %L::timestamptz - length, %L) as total order by 1, 2, 3',
    lengths, org_id, ends, ends
  ),
  format('the sums of %s until %s are those of each by itself', lengths, ends)
)
from (
  select lengths, moment.ends, org_id
  from (values ('{5 minutes,1 hour,1 day,7 days,30 days}'::interval[]), ('{1 day}'), ('{1 hour,7 days,61 minutes}'), ('{30 seconds,90 minutes}')) as of (lengths)
  cross join (
    select now() as ends
    union all select date_trunc('hour', now(), 'UTC') - make_interval(hours => n, mins => 13 * n, secs => n % 2) from generate_series(0, 5) as n
  ) as moment
  cross join (values (null::uuid), (tests.id('clinic'))) as who (org_id)
) as asked;

select is(
  (select sum(value_total) from public.metric_minutes where metric = 'tokens' and org_id = tests.id('market')),
  (select sum(input_tokens)::numeric from public.unified_agent_events where org_id = tests.id('market')),
  'tokens are those of the rows'
);
select is(
  (select sum(value_total) from public.metric_hours where metric = 'cost_usd' and org_id is null),
  (select sum(cost_usd) from public.unified_agent_events),
  'and so is the cost'
);
select is(
  (select array[succeeded, failed] from private.read_metric(tests.id('clinic'), 'workspace_save', now() - interval '5 minutes', now())),
  '{2,1}'::bigint[], 'a refused save is nobody''s failure, and one that is stored is a save'
);
select is(
  (select array[succeeded, failed] from private.read_metric(tests.id('clinic'), 'knowledge_sync', now() - interval '5 minutes', now())),
  '{1,1}'::bigint[], 'a sync in part is none, and a round that goes on is nothing yet'
);
select is(
  (select array[succeeded, failed] from private.read_metric(tests.id('clinic'), 'operation', now() - interval '5 minutes', now())),
  '{1,0}'::bigint[], 'but an operation'
);
select is(
  (select duration_counts[20] from private.read_metric(tests.id('clinic'), 'knowledge_sync', now() - interval '5 minutes', now())),
  1::bigint, 'what takes longer than the last bound is beyond'
);
select is(
  (select array[
    (select failed from private.read_metric(null, 'agent_sync', now() - interval '5 minutes', now())),
    (select failed from private.read_metric(tests.id('clinic'), 'agent_sync', now() - interval '5 minutes', now()))
  ]), '{1,0}'::bigint[], 'what has no organization is among all, and nobody''s own'
);

-- The same minutes again.
create table tests.before as select tests.all_metrics() as metrics;
select tests.aggregate();
select is(tests.all_metrics(), (select metrics from tests.before), 'counted again it is the same');

-- Late: a transaction that took minutes, and one row that comes hours after its time.
insert into public.unified_agent_events (org_id, correlation_id, event_type, outcome, agent, response_ms, created_at) values
  (tests.id('clinic'), 'late', 'turn', 'failed', 'jobs', 40, now() - interval '4 minutes'),
  (tests.id('clinic'), 'later', 'turn', 'failed', 'jobs', 40, now() - interval '20 hours');
select tests.aggregate();
select is(
  to_jsonb(private.read_metric(tests.id('clinic'), 'turn', date_trunc('minute', now()) - interval '10 minutes', now() + interval '1 minute')),
  tests.recount(tests.id('clinic'), date_trunc('minute', now()) - interval '10 minutes', now() + interval '1 minute'), 'a late row is counted by the next run'
);
select count(public.aggregate_metrics('{}')) from generate_series(1, 200);
select is(
  to_jsonb(private.read_metric(tests.id('clinic'), 'turn', date_trunc('minute', now()) - interval '26 hours', now() + interval '1 minute')),
  tests.recount(tests.id('clinic'), date_trunc('minute', now()) - interval '26 hours', now() + interval '1 minute'),
  'one that is hours late by a later run'
);

-- What is erased is gone from the counts.
delete from public.unified_agent_events where created_at > now() - interval '3 minutes';
select tests.aggregate();
select is(
  to_jsonb(private.read_metric(null, 'turn', date_trunc('minute', now()) - interval '4 hours', now() + interval '1 minute')),
  tests.recount(null, date_trunc('minute', now()) - interval '4 hours', now() + interval '1 minute'), 'so is what is deleted'
);

select * from finish();
rollback;

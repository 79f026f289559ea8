-- Every metric against the rows that it is about, read anew and in other words than the worker reads them.
begin;
\ir ../people.psql
\ir ../metrics.psql
select no_plan();

-- When the n-th thing happened: over the last 30 hours, and every 17th of them days ago.
create function tests.happened(n integer) returns timestamptz language sql as $$
  select now() - make_interval(secs => n * 104729 % 108000, hours => case when n % 17 = 0 then 50 else 0 end)
$$;
create function tests.whose(n integer) returns uuid language sql as $$
  select tests.id(case when n % 3 = 0 then 'market' else 'clinic' end)
$$;

select tests.act_as('operator');
insert into public.unified_agent_events (
  org_id, correlation_id, event_type, outcome, agent, handed_off_from, message_count, response_ms, database_ms, input_tokens, output_tokens,
  cost_usd, details, created_at
)
select
  tests.whose(n), 'c' || n, case when n % 13 = 0 then 'note' else 'turn' end,
  (array['succeeded', 'failed', 'ignored', 'forwarded', 'retried'])[n % 5 + 1], (array['jobs', 'rides', null])[n % 3 + 1],
  case when n % 4 = 0 then 'support' end, n % 3 + 1, case when n % 7 > 0 then n * 7919 % 70000 end,
  case when n % 6 > 0 then n * 37 % 9000 / 100.0 end, n % 11, n % 9, n % 4 * 0.001,
  case when n % 8 = 0 then jsonb_build_object('decision_ms', n % 40 * 0.55) else '{}' end, tests.happened(n)
from generate_series(1, 700) as n;
insert into public.operation_events (org_id, operation, outcome, actor, duration_ms, details, database_ms, created_at)
select
  case when n % 10 > 0 then tests.whose(n) end,
  (array['workspace_save', 'agent_sync', 'knowledge_sync', 'read_agents', 'knowledge_sync'])[n % 5 + 1],
  (array['succeeded', 'failed', 'partially_succeeded', 'refused'])[n % 4 + 1], 'system', case when n % 6 > 0 then n * 7919 % 70000 end,
  case when n % 7 = 0 then '{"goes_on": true}' else '{}' end::jsonb, case when n % 5 > 0 then n * 13 % 999 / 10.0 end, tests.happened(n)
from generate_series(1, 500) as n;
insert into public.provider_call_stats (minute, org_id, provider, operation, outcome, call_count, duration_ms_total, duration_ms_max)
select
  date_trunc('minute', tests.happened(n), 'UTC'), tests.whose(n), (array['vapi', 'twilio', 'whatsapp'])[n % 3 + 1], 'operation' || n,
  (array['succeeded', 'refused', 'failed', 'timed_out', 'rejected_by_breaker'])[n % 5 + 1], n % 9 + 1, n * 31, n
from generate_series(1, 200) as n;
insert into public.contacts (id, org_id, rollout_key)
select md5(n::text)::uuid, tests.whose(n), n::text from generate_series(1, 150) as n;
insert into public.unified_sessions (id, org_id, contact_id, status, started_at, completed_at)
select md5(n::text)::uuid, tests.whose(n), md5(n::text)::uuid, 'completed', tests.happened(n), now() from generate_series(1, 150) as n;
insert into public.unparsed_deliveries (source, signed_by_org_id, reason, body, received_at)
select (array['whatsapp', 'vapi'])[n % 2 + 1], case when n % 4 > 0 then tests.whose(n) end, 'broken', '', tests.happened(n)
from generate_series(1, 60) as n;
insert into public.session_ratings (org_id, session_id, contact_id, rating, rated_at)
select tests.whose(n), md5(n::text)::uuid, md5(n::text)::uuid, (array['up', 'down', 'up'])[n % 3 + 1], tests.happened(n + 7)
from generate_series(1, 120) as n;
insert into public.hand_overs (org_id, contact_id, reason, state, waiting_at, released_at)
select tests.whose(n), md5(n::text)::uuid, 'asked for', 'released', tests.happened(n + 3), now() from generate_series(1, 90) as n;
insert into public.tickets (org_id, contact_id, number, subject, opened_at)
select tests.whose(n), md5(n::text)::uuid, 'T' || n, 'Help', tests.happened(n + 5) from generate_series(1, 80) as n;
insert into public.call_tracking (id, org_id, vapi_call_id, direction, state, queued_at, ended_at, ended_reason, duration_seconds)
select
  md5('call' || n)::uuid, tests.whose(n), 'v' || n, (array['inbound', 'outbound', 'web', 'inbound'])[n % 4 + 1],
  case when n % 9 = 0 then 'queued' else 'ended' end, now(), case when n % 9 > 0 then tests.happened(n) end,
  (array['customer-ended-call', 'assistant-not-found', 'call.start.error-assistant-request-failed', null])[n % 4 / 2 + n % 2 * 2 + 1],
  case when n % 5 > 0 then n * 7 end
from generate_series(1, 240) as n;
insert into public.call_logs (org_id, vapi_call_id, call_tracking_id, cost)
select call.org_id, call.vapi_call_id, call.id, case when right(call.vapi_call_id, 1) < '7' then length(call.vapi_call_id) * 0.0125 else 0 end
from public.call_tracking as call;

-- One row for each thing that a metric is about: good and bad are how many, ms is how long it took.
create table tests.facts as
select org_id, 'turn' as metric, coalesce(agent, 'none') as label, created_at as at, 1 - bad.is as good, bad.is as bad, message_count::numeric as value, response_ms::numeric as ms, ceil(response_ms::numeric) as total
from public.unified_agent_events, lateral (select (outcome = 'failed')::integer as is) as bad
where event_type = 'turn' and outcome = any ('{succeeded,failed}')
union all
select org_id, 'turn_left', outcome, created_at, 1, 0, message_count, null, null
from public.unified_agent_events where outcome = any ('{ignored,forwarded}')
union all
select org_id, 'turn_retried', coalesce(agent, 'none'), created_at, 1, 0, message_count, null, null
from public.unified_agent_events where event_type = 'turn' and outcome = 'retried'
union all
select org_id, 'tokens', 'input', created_at, 0, 0, input_tokens, null, null from public.unified_agent_events where input_tokens <> 0
union all
select org_id, 'tokens', 'output', created_at, 0, 0, output_tokens, null, null from public.unified_agent_events where output_tokens <> 0
union all
select org_id, 'cost_usd', 'language_model', created_at, 0, 0, cost_usd, null, null from public.unified_agent_events where cost_usd <> 0
union all
select org_id, 'handoff', coalesce(agent, 'none'), created_at, 1, 0, 0, (details ->> 'decision_ms')::numeric, ceil((details ->> 'decision_ms')::numeric)
from public.unified_agent_events where handed_off_from = 'support'
union all
select null, 'database', 'turn', created_at, 1, 0, 0, database_ms, ceil(database_ms) from public.unified_agent_events where database_ms >= 0
union all
select null, 'database', 'operation', created_at, 1, 0, 0, database_ms, ceil(database_ms) from public.operation_events where database_ms >= 0
union all
select org_id, 'refusal', operation, created_at, 1, 0, 0, duration_ms, duration_ms from public.operation_events where outcome = 'refused'
union all
select org_id, operation, '', created_at, (outcome <> 'failed')::integer, (outcome = 'failed')::integer, 0, duration_ms, duration_ms
from public.operation_events where operation = any ('{workspace_save,agent_sync}') and outcome <> 'refused'
union all
select org_id, 'knowledge_sync', '', created_at, (outcome = 'succeeded')::integer, (outcome <> 'succeeded')::integer, 0, duration_ms, duration_ms
from public.operation_events where operation = 'knowledge_sync' and outcome <> 'refused' and details = '{}'
union all
select org_id, 'operation', operation, created_at, 1, 0, 0, duration_ms, duration_ms
from public.operation_events where operation = 'knowledge_sync' and outcome <> 'refused' and details <> '{}'
union all
select org_id, 'operation', operation, created_at, (outcome <> 'failed')::integer, (outcome = 'failed')::integer, 0, duration_ms, duration_ms
from public.operation_events where operation = 'read_agents' and outcome <> 'refused'
union all
select
  org_id, 'provider_call', provider, minute, case when is_answer then call_count else 0 end, case when is_answer then 0 else call_count end,
  case outcome when 'rejected_by_breaker' then call_count else 0 end, null, duration_ms_total
from public.provider_call_stats, lateral (select outcome = any ('{succeeded,refused}') as is_answer) as answer
union all
select org_id, 'inbound_routing', '', ended_at, 1 - bad.is, bad.is, 0, null, null
from public.call_tracking, lateral (select coalesce(ended_reason like '%assistant-%', false)::integer as is) as bad
where direction = 'inbound' and ended_at is not null
union all
select org_id, 'call', direction, ended_at, 1, 0, coalesce(duration_seconds, 0), null, null from public.call_tracking where state = 'ended'
union all
select log.org_id, 'cost_usd', 'calls', call.ended_at, 0, 0, log.cost, null, null
from public.call_logs as log join public.call_tracking as call using (vapi_call_id) where call.state = 'ended' and log.cost <> 0
union all
select org_id, 'session', '', started_at, 1, 0, 0, null, null from public.unified_sessions
union all
select signed_by_org_id, 'session', '', received_at, 0, 1, 0, null, null from public.unparsed_deliveries where source <> 'vapi'
union all
select org_id, 'hand_over', '', waiting_at, 1, 0, 0, null, null from public.hand_overs
union all
select org_id, 'ticket', '', opened_at, 1, 0, 0, null, null from public.tickets
union all
select org_id, 'satisfaction', '', rated_at, (rating = 'up')::integer, (rating = 'down')::integer, 0, null, null from public.session_ratings;

create function tests.recount(p_org_id uuid, p_from timestamptz, p_to timestamptz) returns table (
  metric text, label text, succeeded bigint, failed bigint, value_total numeric, duration_ms_total bigint, duration_counts bigint[]
) language sql as $$
  select
    fact.metric, fact.label, sum(fact.good), sum(fact.bad), sum(fact.value), coalesce(sum(fact.total), 0)::bigint,
    case when count(fact.ms) = 0 then '{}' else array(
      select count(*) filter (where timed.metric = fact.metric and timed.label = fact.label and timed.above = place - 1)
      from generate_series(1, 20) as place
      left join (
        select one.metric, one.label, (select count(*) from unnest(private.metric_bounds()) as bound where bound < one.ms) as above
        from tests.facts as one
        where one.at >= p_from and one.at < p_to and (p_org_id is null or one.org_id = p_org_id) and one.ms is not null
      ) as timed on timed.metric = fact.metric
      group by place order by place
    ) end
  from tests.facts as fact
  where fact.at >= p_from and fact.at < p_to and (p_org_id is null or fact.org_id = p_org_id)
  group by fact.metric, fact.label
$$;

select tests.act_as('service role');
select tests.aggregate();
select tests.act_as('operator');

select is(
  array(select distinct metric from tests.facts order by 1), array(select unnest(private.metric_names()) order by 1),
  'there is something of every metric'
);
select results_eq(
  format('select * from private.metric_totals(%L, private.metric_names(), %L, %L) order by 1, 2', org_id, begins, ends),
  format('select * from tests.recount(%L, %L, %L) order by 1, 2', org_id, begins, ends),
  format('of %s from %s to %s every metric is its rows', coalesce(name, 'everybody'), begins, ends)
)
from (values ('clinic'), ('market'), ('branch'), (null)) as who (name)
cross join lateral (select case when name is not null then tests.id(name) end as org_id) as scope
cross join (
  select date_trunc('minute', now(), 'UTC') - before as begins, date_trunc('minute', now(), 'UTC') + interval '1 minute' as ends
  from unnest(array[interval '1 hour', '119 minutes', '30 hours']) as before
  union all
  select date_trunc('hour', now(), 'UTC') - interval '6 days', date_trunc('hour', now(), 'UTC') - interval '30 hours'
) as stretch;

select * from finish();
rollback;

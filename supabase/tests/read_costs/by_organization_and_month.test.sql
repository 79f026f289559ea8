begin;
\ir ../people.psql
\ir ../calls.psql
\ir ../metrics.psql
select no_plan();

select tests.act_as('operator');
-- A minute ago, unless that was another month.
create function tests.lately() returns timestamptz language sql as $$
  select greatest(now() - interval '1 minute', date_trunc('month', now(), 'UTC'))
$$;
insert into public.unified_agent_events (
  org_id, correlation_id, event_type, outcome, message_count, input_tokens, output_tokens, cost_usd, created_at
)
select tests.id(org), 'c', 'turn', 'succeeded', 2, 100, 10, 0.002, tests.lately()
from unnest(array['clinic', 'clinic', 'market']) as org;
select tests.ingest_report(false, 'call');
update public.call_tracking set direction = 'inbound', duration_seconds = 90, ended_at = tests.lately();
update public.call_logs set cost = 0.25;
select tests.act_as('service role');
select tests.aggregate();
select tests.act_as('operator');
-- A month before, and one long ago.
insert into public.metric_hours (org_id, metric, label, hour, value_total)
select tests.id('clinic'), 'cost_usd', 'language_model', date_trunc('month', now(), 'UTC') - before, 1
from unnest(array[interval '1 hour', interval '1 year']) as before;

create function tests.costs(p_org_id uuid, p_more jsonb default '{}') returns jsonb language sql as $$
  select public.read_costs(jsonb_build_object(
    'org_id', p_org_id, 'user_id', null, 'to_month', date_trunc('month', now() at time zone 'UTC')::date,
    'from_month', (date_trunc('month', now() at time zone 'UTC') - interval '1 month')::date
  ) || p_more)
$$;
create function tests.month(p_before integer) returns text language sql as $$
  select to_char((now() at time zone 'UTC') - make_interval(months => p_before), 'YYYY-MM')
$$;

select results_eq(
  $$ select cost.* from jsonb_to_recordset(tests.costs(tests.id('clinic')) -> 'costs') as cost (
       month text, turns integer, messages integer, input_tokens integer, output_tokens integer, language_model_usd numeric,
       calls integer, call_seconds integer, calls_usd numeric
     ) order by month $$,
  $$ values (tests.month(1), 0, 0, 0, 0, 1::numeric, 0, 0, 0::numeric), (tests.month(0), 2, 4, 200, 20, 0.004, 1, 90, 0.25) $$,
  'what an organization used, month by month'
);
select is(
  (select array_agg(cost ->> 'name' || ' ' || (cost ->> 'month') order by cost ->> 'org_id', cost ->> 'month') from jsonb_array_elements(tests.costs(null) -> 'costs') as cost),
  array['Clinic ' || tests.month(1), 'Clinic ' || tests.month(0), 'Market ' || tests.month(0)], 'everybody''s, each apart'
);
-- Page by page over organizations, whether or not they used anything.
create table tests.pages as
with recursive page (answer) as (
  select tests.costs(null, '{"limit": 1}')
  union all
  select tests.costs(null, jsonb_build_object('limit', 1, 'after', page.answer -> 'last_org_id'))
  from page where page.answer ->> 'last_org_id' is not null
)
select answer from page;
select is(
  (select sum(jsonb_array_length(answer -> 'costs')) from tests.pages), 3::bigint, 'pages have all of them'
);

select * from finish();
rollback;

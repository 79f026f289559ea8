begin;
\ir ../people.psql
\ir ../metrics.psql
select no_plan();

select tests.act_as('operator');
-- Of 200 turns 2 failed, and 20 took longer than two seconds; all of it twenty minutes ago.
select tests.turn('clinic', case when n <= 2 then 'failed' else 'succeeded' end, case when n <= 20 then 2001 else 2000 end, 20)
from generate_series(1, 200) as n;
insert into public.operation_events (org_id, operation, outcome, actor, duration_ms) values
  (tests.id('clinic'), 'agent_sync', 'failed', 'system', 5000), (tests.id('clinic'), 'agent_sync', 'succeeded', 'system', 5001);
select tests.act_as('service role');
select tests.aggregate();
select tests.act_as('operator');

select results_eq(
  $$ select good, total, round(burn_rate, 6) from private.read_service_levels(tests.id('clinic'), now() - interval '1 hour', now() + interval '1 minute')
     where name in ('agent_sync', 'inbound_routing', 'messages', 'response_time') order by name $$,
  $$ values (1::bigint, 2::bigint, 10.0::numeric), (0, 0, 0), (198, 200, 2.0), (180, 200, 2.0) $$,
  'good is what succeeded, or what was in time; the burn rate is how much faster than allowed the budget goes'
);
select results_eq(
  $$ select total from private.read_service_levels(tests.id('market'), now() - interval '1 hour', now() + interval '1 minute') where name = 'messages' $$,
  $$ values (0::bigint) $$, 'another organization has its own'
);

create table tests.answer as select public.read_service_levels(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', null)) as read;
select is(
  (select array_agg(level ->> 'name') from tests.answer, jsonb_array_elements(read -> 'levels') as level),
  '{agent_sync,database_time,handoff_time,inbound_routing,knowledge_sync,messages,response_time,session_creation,vapi_calls,workspace_save}',
  'every level that is promised'
);
select is(
  (select level from tests.answer, jsonb_array_elements(read -> 'levels') as level where level ->> 'name' = 'messages'),
  '{"name": "messages", "description": "Turns of agents that succeed", "metric": "turn", "label": null, "objective": 0.995,
    "threshold_ms": null, "budget_days": 30, "budget": {"good": 198, "total": 200},
    "windows": [{"window": "5m", "good": 0, "total": 0}, {"window": "1h", "good": 198, "total": 200},
      {"window": "24h", "good": 198, "total": 200}, {"window": "7d", "good": 198, "total": 200}]}'::jsonb,
  'with its windows and its budget'
);

-- An operator's own.
insert into public.service_levels (name, description, metric, label, objective, threshold_ms)
values ('rides', 'Rides in time', 'turn', 'rides', 0.9, 1000);
select throws_ok(
  $$ update public.service_levels set threshold_ms = 1100 where name = 'rides' $$, '23514', null, 'a threshold that no histogram knows is refused'
);
select is(
  (select total from private.read_service_levels(null, now() - interval '1 hour', now()) where name = 'rides'), 0::bigint,
  'a level may be of one label'
);

select * from finish();
rollback;

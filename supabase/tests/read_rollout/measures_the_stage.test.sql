begin;
\ir ../people.psql
select no_plan();

create function tests.set_percent(p_percent integer) returns uuid language plpgsql as $$
begin
  update public.app_config set value = jsonb_set(value, '{unifiedServiceRolloutPercent}', to_jsonb(p_percent))
  where key = 'unified_service_flags';
  return (select id from public.rollout_stages where left_at is null);
end
$$;
create function tests.turns(p_ago interval, p_succeeded integer, p_failed integer, p_slow integer) returns void language sql as $$
  insert into public.metric_minutes (metric, label, minute, succeeded_count, failed_count, duration_counts)
  values (
    'turn', 'jobs', date_trunc('minute', now() - p_ago, 'UTC'), p_succeeded, p_failed,
    array_fill(0, array[9]) || array[p_succeeded + p_failed - p_slow, p_slow] || array_fill(0, array[9])
  )
$$;
-- What the worker makes of the minutes, so that it doesn't matter in which minute of an hour this is read.
create function tests.count_hours() returns void language plpgsql as $$
begin
  delete from public.metric_hours;
  insert into public.metric_hours (org_id, metric, label, hour, succeeded_count, failed_count, duration_counts)
  select part.org_id, part.metric, part.label, hour, sum(part.succeeded_count), sum(part.failed_count), array(
    select sum(counted.duration_counts[bucket])
    from public.metric_minutes as counted, generate_series(1, 20) as bucket
    where counted.org_id is not distinct from part.org_id and (counted.metric, counted.label) = (part.metric, part.label)
      and date_trunc('hour', counted.minute, 'UTC') = hour
    group by bucket order by bucket
  )
  from public.metric_minutes as part, date_trunc('hour', part.minute, 'UTC') as hour
  group by part.org_id, part.metric, part.label, hour;
end
$$;
create function tests.settle(p_good boolean, p_more jsonb default '{}') returns jsonb language sql as $$
  select public.settle_rollout(jsonb_build_object(
    'stage_id', stage.id, 'percent', stage.percent, 'measures', jsonb_build_object('turns', stage.percent),
    'verdict', '{"kind": "hold", "because": "it dwells"}'::jsonb, 'is_good', p_good, 'is_completed', false,
    'move', null, 'raise', '[]'::jsonb, 'resolve', '[]'::jsonb
  ) || p_more)
  from public.rollout_stages as stage where stage.left_at is null
$$;

select tests.set_percent(1);
select tests.turns('3 hours', 100, 0, 0);
select tests.act_as('service role');
select is(
  public.read_rollout('{}') -> 'since_entered', '{"turns": 0, "failed": 0, "people": 0, "duration_counts": []}',
  'what was before a stage isn''t the stage''s'
);
select tests.act_as('operator');
update public.rollout_stages set entered_at = now() - interval '1 day' where percent = 0;
update public.rollout_stages set entered_at = now() - interval '2 hours 30 seconds' where percent = 1;
select tests.turns('118 minutes', 7, 1, 2);
select tests.turns('30 minutes', 10, 2, 3);
select tests.turns('5 minutes', 5, 0, 1);
select tests.count_hours();
insert into public.metric_minutes (org_id, metric, label, minute, succeeded_count)
values (tests.id('clinic'), 'turn', 'jobs', date_trunc('minute', now() - interval '5 minutes', 'UTC'), 5);
insert into public.contacts (id, org_id, rollout_key)
select md5(person::text)::uuid, tests.id('clinic'), person::text from generate_series(1, 3) as person;
insert into public.unified_agent_events (org_id, contact_id, correlation_id, event_type, outcome, created_at)
select tests.id('clinic'), md5(person::text)::uuid, 'c', 'turn', outcome, now() - ago
from (values
  (1, 'succeeded', interval '5 minutes'), (1, 'failed', interval '6 minutes'), (2, 'succeeded', interval '7 minutes'),
  (3, 'forwarded', interval '7 minutes'), (3, 'succeeded', interval '3 hours')
) as event (person, outcome, ago);

select tests.act_as('service role');
select tests.remember('read', public.read_rollout('{}'));
select is(tests.recall('read') #> '{since_entered,turns}', '25', 'turns since the stage was entered');
select is(tests.recall('read') #> '{since_entered,failed}', '3', 'and those that failed');
select is(tests.recall('read') #> '{since_entered,duration_counts,10}', '6', 'and how long they took');
select is(tests.recall('read') #> '{since_entered,people}', '2', 'and how many people had one');
select is(
  (select jsonb_agg(jsonb_build_array(span -> 'minutes', span -> 'turns')) from jsonb_array_elements(tests.recall('read') -> 'recent') as span),
  '[[15, 5], [60, 17], [360, 25]]', 'and of late, never more than of the stage'
);
select is(jsonb_array_length(tests.recall('read') -> 'bounds') + 1, jsonb_array_length(tests.recall('read') #> '{since_entered,duration_counts}'), 'each time has its bound');
select is(tests.recall('read') -> 'last_good', 'null', 'nothing was good yet');

-- The market has a percentage of its own: its turns are everybody's, and no stage's.
select tests.act_as('operator');
insert into public.metric_minutes (org_id, metric, label, minute, succeeded_count, failed_count, duration_counts)
select who.org_id, 'turn', 'own', date_trunc('minute', now() - interval '4 minutes', 'UTC'), 4, 3, array_fill(0, array[9]) || array[2, 5] || array_fill(0, array[9])
from (values (null::uuid), (tests.id('market'))) as who (org_id);
select tests.count_hours();
insert into public.unified_agent_events (org_id, contact_id, correlation_id, event_type, outcome, created_at)
select tests.id('market'), gen_random_uuid(), 'c', 'turn', 'failed', now() - interval '4 minutes';
create function tests.since() returns jsonb language sql as $$
  select jsonb_build_array(since -> 'turns', since -> 'failed', since #> '{duration_counts,10}', since -> 'people')
  from (select public.read_rollout('{}') -> 'since_entered' as since) as read
$$;
select is(tests.since(), '[32, 6, 11, 3]', 'an organization without its own percentage is among everybody');
update public.app_config
set value = jsonb_set(value, '{overrides}', jsonb_build_object(tests.id('clinic'), '{"features": {}}'::jsonb, tests.id('market'), '{"unifiedServiceRolloutPercent": 100}'::jsonb))
where key = 'unified_service_flags';
select is(tests.since(), '[25, 3, 6, 2]', 'one with its own is left out');

-- How far that was counted: the worker may be behind.
select tests.act_as('operator');
update private.metric_progress set counted_until = now() - interval '10 minutes';
select tests.act_as('service role');
select is(
  (public.read_rollout('{}') ->> 'counted_until')::timestamptz, now() - interval '10 minutes', 'with how far it was counted'
);
select tests.act_as('operator');
update private.metric_progress set counted_until = now() + interval '1 minute';
select tests.act_as('service role');
select ok(
  (public.read_rollout('{}') ->> 'counted_until')::timestamptz between now() and clock_timestamp(), 'never beyond now'
);

-- Good stages are remembered.
select is(tests.settle(true), '{"code": "settled", "moved": false}', 'an evaluation is written down');
select tests.set_percent(10);
select is(public.read_rollout('{}') #>> '{last_good,percent}', '1', 'a good stage is what a rollback goes to');
select is(public.read_rollout('{}') #> '{last_good,measures}', '{"turns": 1}', 'and what is compared with');
select tests.settle(false);
select tests.set_percent(50);
select is(public.read_rollout('{}') #>> '{last_good,percent}', '1', 'one that wasn''t good is passed over');
select tests.set_percent(1);
select is(public.read_rollout('{}') -> 'last_good', 'null', 'only stages below count');
select tests.set_percent(0);
select tests.set_percent(10);
select is(public.read_rollout('{}') -> 'last_good', 'null', 'and only those since the rollout began anew');

-- Acting.
select tests.remember('moved', tests.settle(false, '{
  "move": {"to_percent": 0, "outcome": "rolled_back", "pause": true}, "verdict": {"kind": "roll_back", "because": "it broke"},
  "raise": [{"rule": "rollout_breached", "severity": "critical", "message": "It broke"}]
}'));
select is(tests.recall('moved'), '{"code": "settled", "moved": true}', 'a verdict is acted on');
select is(private.flags_in_force() -> 'unifiedServiceRolloutPercent', '0', 'at once');
select is((select left_reason from public.rollout_stages where outcome = 'rolled_back'), 'it broke', 'with its reason');
select is((select count(*) from public.alerts where rule = 'rollout_breached' and state = 'raised'), 1::bigint, 'and an alert');
select is((select value -> 'paused' from public.app_config where key = 'unified_service_rollout_plan'), 'true', 'and the plan waits for somebody');
-- Pausing what can't be read pauses nothing: the plan that was gone by is written, unless there is another by now.
create function tests.plan() returns jsonb language sql as $$
  select value from public.app_config where key = 'unified_service_rollout_plan'
$$;
create function tests.roll_back(p_plan jsonb, p_revision integer) returns jsonb language plpgsql as $$
begin
  perform tests.set_percent(10);
  return tests.settle(false, jsonb_build_object('move', jsonb_build_object(
    'to_percent', 0, 'outcome', 'rolled_back', 'pause', true,
    'plan', jsonb_build_object('value', p_plan, 'revision', p_revision)
  )));
end
$$;
select tests.remember('plan', tests.plan());
update public.app_config set value = '{"mode": "automatisch"}' where key = 'unified_service_rollout_plan';
select tests.roll_back(tests.recall('plan'), (select revision - 1 from public.app_config where key = 'unified_service_rollout_plan'));
select is(tests.plan(), '{"mode": "automatisch", "paused": true}', 'what was written meanwhile is only paused');
select tests.roll_back(tests.recall('plan'), (select revision from public.app_config where key = 'unified_service_rollout_plan'));
select is(tests.plan(), tests.recall('plan'), 'under a malformed plan the one in use is written, paused');
delete from public.app_config where key = 'unified_service_rollout_plan';
select tests.roll_back(tests.recall('plan'), null);
select is(tests.plan(), tests.recall('plan'), 'and where there is none');
select is((select reason from public.app_config_history where key = 'unified_service_rollout_plan' order by changed_at desc limit 1), 'it dwells', 'with why');
select tests.settle(false, '{"resolve": ["rollout_breached"]}');
select is((select count(*) from public.alerts where rule = 'rollout_breached' and state = 'raised'), 0::bigint, 'alerts are resolved as well');
select is(
  tests.settle(false, '{"stage_id": "00000000-0000-4000-8000-000000000000"}'), '{"code": "changed"}', 'of a stage that was left nothing is written'
);

select * from finish();
rollback;

begin;
\ir ../people.psql
select no_plan();

create function tests.set_flag(p_path text[], p_value jsonb) returns void language sql as $$
  update public.app_config set value = jsonb_set(value, p_path, p_value) where key = 'unified_service_flags'
$$;
create function tests.open_stage() returns public.rollout_stages language sql as $$
  select * from public.rollout_stages where left_at is null
$$;

select results_eq(
  $$ select percent, is_enabled, entered_by from public.rollout_stages $$, $$ values (0, true, 'migration') $$,
  'a new installation begins at nobody'
);
select is((select value -> 'mode' from public.app_config where key = 'unified_service_rollout_plan'), '"advise"', 'with a plan that gives advice');

-- However it is changed.
select set_config('app.reason', 'Let us begin', true);
select tests.set_flag('{unifiedServiceRolloutPercent}', '10');
select is((tests.open_stage()).percent, 10, 'plain SQL begins a stage');
select is((tests.open_stage()).entered_reason, 'Let us begin', 'with its reason');
select is((select outcome from public.rollout_stages where percent = 0), 'raised', 'and ends the one before');
select tests.remember('stage', to_jsonb((tests.open_stage()).id));
select tests.set_flag('{allow}', '["250788123456"]');
select tests.set_flag('{agentFlags,jobs}', 'false');
select tests.set_flag('{unifiedServiceRolloutPercent}', '"50"');
select tests.set_flag('{unifiedServiceRolloutPercent}', '10');
select is(to_jsonb((tests.open_stage()).id), tests.recall('stage'), 'other switches, and slips, go on with the stage');
select tests.set_flag('{unifiedServiceEnabled}', 'false');
select is(((tests.open_stage()).percent, (tests.open_stage()).is_enabled)::text, '(10,f)', 'the kill switch is a stage of its own');
select tests.set_flag('{unifiedServiceEnabled}', 'true');
select is(
  (select array_agg(outcome order by entered_at) from public.rollout_stages), array['raised', 'switched_off', 'switched_on', null],
  'and its end another: time begins anew'
);
select tests.set_flag('{unifiedServiceRolloutPercent}', '1');
select is((select outcome from public.rollout_stages order by entered_at desc offset 1 limit 1), 'lowered', 'less is lowered');
select throws_ok(
  $$ insert into public.rollout_stages (percent, is_enabled, entered_by) values (5, true, 'x') $$, '23505', null,
  'there is one stage at a time'
);

-- Moving compares the percentage.
select tests.act_as('service role');
create function tests.move(p_expected integer, p_to integer, p_more jsonb default '{}') returns jsonb language sql as $$
  select public.move_rollout(jsonb_build_object(
    'expected_percent', p_expected, 'to_percent', p_to, 'actor', 'rollout', 'reason', 'because'
  ) || p_more)
$$;
select is(tests.move(10, 50), '{"code": "changed", "percent": 1}', 'whoever expects another percentage does nothing');
select is(
  tests.move(1, 50, '{"expected_stage_id": "00000000-0000-4000-8000-000000000000"}') ->> 'code', 'changed',
  'nor whoever measured another stage'
);
select is(tests.move(1, 10, '{"outcome": "advanced"}'), '{"code": "moved", "percent": 10}', 'the first moves');
select is(tests.move(1, 10, '{"outcome": "advanced"}') ->> 'code', 'changed', 'the second doesn''t');
select is((select outcome from public.rollout_stages order by entered_at desc offset 1 limit 1), 'advanced', 'the stage says how it ended');
select results_eq(
  $$ select actor, reason, value_after -> 'unifiedServiceRolloutPercent' from public.app_config_history
     where key = 'unified_service_flags' order by changed_at desc limit 1 $$,
  $$ values ('rollout', 'because', '10'::jsonb) $$, 'and the history who and why'
);
select is(tests.move(10, 1, '{"outcome": "rolled_back", "pause": true}') ->> 'code', 'moved', 'back');
select is((select value -> 'paused' from public.app_config where key = 'unified_service_rollout_plan'), 'true', 'pauses the plan in the same breath');
select tests.set_flag('{unifiedServiceRolloutPercent}', '"1"');
select is(tests.move(1, 10) ->> 'code', 'malformed', 'on malformed flags nothing is raised');
select is(tests.move(1, 0, '{"outcome": "rolled_back"}') ->> 'code', 'moved', 'but rolled back');
select is(public.read_health('{}') -> 'flags_valid', 'true', 'from what is in force');

select * from finish();
rollback;

begin;
\ir ../people.psql
\ir tier_cases.psql
\ir webhook_cases.psql
select no_plan();

select is(private.tier_flags_are_valid(value), valid, name) from tier_cases;
select is(private.legacy_webhooks_are_valid(value), valid, name) from webhook_cases;
select ok(not private.tier_flags_are_valid(null) and not private.legacy_webhooks_are_valid(null), 'nothing at all');

create function tests.open_alerts() returns jsonb language sql as $$
  select coalesce(jsonb_agg(dedupe_key order by dedupe_key), '[]') from public.alerts
  where rule = 'config_malformed' and state <> 'resolved'
$$;
create function tests.set_config(p_key text, p_value jsonb) returns void language sql as $$
  update public.app_config set value = p_value where key = p_key
$$;
create function tests.is_on() returns boolean language sql as $$
  select private.is_tier_on('agent_tier_flags', tests.id('clinic'))
$$;
create function tests.webhooks() returns jsonb language sql as $$
  select public.claim_legacy_deliveries('{"limit": 1, "lease_seconds": 10, "max_attempts": 3}') -> 'webhooks'
$$;

select is(public.read_health('{}') -> 'flags_valid', 'true', 'a new installation has nothing malformed');
select tests.set_config('agent_tier_flags', '{"rolloutPercent": 0}');
select ok(not tests.is_on(), 'nobody is in');
select tests.set_config('agent_tier_flags', '{"rolloutPercent": "50"}');
select ok(not tests.is_on(), 'a malformed value opens the tier to nobody');
select is(tests.open_alerts(), '["agent_tier_flags"]', 'but is told');
select is(public.read_health('{}') -> 'flags_valid', 'false', 'and shows in health');
delete from public.app_config where key = 'agent_tier_flags';
select ok(not tests.is_on(), 'nor does a deleted one');
insert into public.app_config (key, value) values ('agent_tier_flags', '{"rolloutPercent": 100}');
select ok(tests.is_on(), 'a good one is in force at once');
select is(tests.open_alerts(), '[]', 'and resolves it');

select tests.act_as('service role');
select tests.remember('tier', public.read_tier_rollout('{"tier": "agent_tier_flags"}'));
select is(tests.recall('tier') - array['now', 'changes', 'plan', 'code'], jsonb_build_object(
  'in_force', '{"rolloutPercent": 100}'::jsonb, 'is_valid', true,
  'revision', (select revision from public.app_config where key = 'agent_tier_flags')
), 'a tier''s rollout is read whole');
select is(
  jsonb_path_query_array(tests.recall('tier'), '$.changes[*].value.rolloutPercent'), '[100, "50", 0, 100]', 'with how it came there'
);
select is(tests.recall('tier') #> '{plan,stages,0}', '{"percent": 10, "dwellHours": 24}', 'and the plan');
select tests.act_as('operator');

select tests.set_config('legacy_webhooks', '{"default": "https://legacy.test/hook"}');
select tests.set_config('legacy_webhooks', '{"defaults": "https://legacy.test/another"}');
select is(tests.webhooks() ->> 'default', 'https://legacy.test/hook', 'the last good address stays in force');
select ok(private.forwards_to_legacy('{}'), 'so that nothing is ignored meanwhile');
select is(tests.open_alerts(), '["legacy_webhooks"]', 'an alert is open');
select tests.set_config('legacy_webhooks', '{"default": null}');
select ok(not private.forwards_to_legacy('{}'), 'no address is one');
select is(tests.open_alerts(), '[]', 'and no slip');
select is(public.read_health('{}') -> 'flags_valid', 'true', 'nor to health');

select * from finish();
rollback;

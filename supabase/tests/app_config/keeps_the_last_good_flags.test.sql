begin;
\ir ../people.psql
\ir flag_cases.psql
\ir rollout_keys.psql
select no_plan();

select is(private.flags_are_valid(value), valid, name) from flag_cases;
select is(
  private.flags_are_valid(private.name_people(value)), true, format('%s: and so is what is handed out of it', name)
)
from flag_cases where valid;
select ok(not private.flags_are_valid(null), 'nothing at all');
select is(
  private.flags_are_valid(
    (select value from public.app_config where key = 'unified_service_flags')
      || jsonb_build_object('allow', (select jsonb_agg(person::text) from generate_series(1, people) as person))
  ),
  people <= 10000, format('%s people', people)
)
from unnest(array[9999, 10000, 10001]) as people;

-- What every function is handed, and what an operator sees.
create function tests.claimed_flags() returns jsonb language sql as $$
  select public.claim_due_turns('{"limit": 1, "lease_seconds": 10}') -> 'flags'
$$;
create function tests.open_alerts() returns bigint language sql as $$
  select count(*) from public.alerts where rule = 'flags_malformed' and state <> 'resolved'
$$;

update public.app_config set value = jsonb_set(value, '{unifiedServiceRolloutPercent}', '7') where key = 'unified_service_flags';
select is(tests.claimed_flags() -> 'unifiedServiceRolloutPercent', '7', 'plain SQL is in force at once');
select is(public.read_health('{}') -> 'flags_valid', 'true', 'and health agrees');

update public.app_config set value = jsonb_set(value, '{unifiedServiceRolloutPercent}', '"50"') where key = 'unified_service_flags';
select is(tests.claimed_flags() -> 'unifiedServiceRolloutPercent', '7', 'a malformed value leaves the last good one in force');
select is(public.read_health('{}') -> 'flags_valid', 'false', 'health says so');
select is(tests.open_alerts(), 1::bigint, 'an alert is open');
select is(
  (select details -> 'in_force_revision' from public.alerts where rule = 'flags_malformed'),
  (select to_jsonb(revision - 1) from public.app_config where key = 'unified_service_flags'), 'which names what is in force'
);
update public.app_config set value = '"on"' where key = 'unified_service_flags';
select is((select occurrences from public.alerts where rule = 'flags_malformed'), 2, 'a second slip counts up');
delete from public.app_config where key = 'unified_service_flags';
select is(tests.claimed_flags() -> 'unifiedServiceRolloutPercent', '7', 'even a deleted key');
select is(public.read_health('{}') -> 'flags_valid', 'false', 'which health says as well');

select tests.act_as('service role');
select public.revert_app_config(jsonb_build_object('history_id', id, 'reason', 'a slip'))
from public.app_config_history where key = 'unified_service_flags' and value_before -> 'unifiedServiceRolloutPercent' = '7';
select is(public.read_health('{}') -> 'flags_valid', 'true', 'a good value is valid again');
select is(tests.open_alerts(), 0::bigint, 'and resolves the alert');
select throws_ok($$ update private.app_config_in_force set value = '{}' $$, '42501', null, 'what is in force is nobody''s to write');

-- People.
select tests.act_as('operator');
select is(private.to_rollout_key(written), meant, format('"%s" is a rollout key', written)) from rollout_key_cases;
update public.app_config set value = value || '{"allow": ["+250 788 123 456"], "deny": []}' where key = 'unified_service_flags';
select is(tests.claimed_flags() -> 'allow', '["250788123456"]', 'people in the lists are handed out as contacts are known');
select is(tests.claimed_flags() -> 'deny', '[]', 'an empty list stays one');
select is(public.read_health('{}') -> 'flags_valid', 'true', 'which is no slip');
update public.app_config set value = jsonb_set(value, '{deny}', '[" "]') where key = 'unified_service_flags';
select is(tests.claimed_flags() -> 'deny', '[]', 'a blank entry is handed out to nobody');
select is(tests.open_alerts(), 1::bigint, 'but told as a slip');

select * from finish();
rollback;

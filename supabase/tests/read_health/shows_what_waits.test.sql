begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select is(
  public.read_health('{}') - 'database_size_mb',
  '{"code": "read", "flags_valid": true, "background_jobs": {
    "last_heartbeat_at": null, "seconds_since_heartbeat": null, "queued": 0, "oldest_queued_seconds": null, "dead_lettered": 0
  }}', 'an idle system has nothing waiting'
);
select cmp_ok((public.read_health('{}') ->> 'database_size_mb')::numeric, '>', 1::numeric, 'the database has a size');

insert into public.background_jobs (kind, available_at, state, dead_lettered_at) values
  ('expire_rows', now() - interval '90 seconds', 'queued', null),
  ('expire_rows', now() + interval '1 hour', 'queued', null),
  ('expire_rows', now(), 'dead_lettered', now());
select public.record_heartbeat('{"kind": "expire_rows", "worker_id": "w", "phase": "started"}');
update public.worker_heartbeats set last_heartbeat_at = clock_timestamp() - interval '30 seconds';
select tests.remember('jobs', public.read_health('{}') -> 'background_jobs');
select is(tests.recall('jobs') -> 'queued', '2', 'what is queued is counted');
select is(tests.recall('jobs') -> 'dead_lettered', '1', 'and what was given up');
select ok((tests.recall('jobs') ->> 'oldest_queued_seconds')::integer between 90 and 100, 'what is due tells how long it has waited');
select ok((tests.recall('jobs') ->> 'seconds_since_heartbeat')::integer between 30 and 40, 'and the worker when it was last seen');

create function tests.flags_valid_with(p_path text[], p_value jsonb) returns boolean language plpgsql as $$
declare
  v_valid boolean;
begin
  update public.app_config set value = jsonb_set(value, p_path, p_value) where key = 'unified_service_flags';
  v_valid := (public.read_health('{}') ->> 'flags_valid')::boolean;
  update public.app_config set value = (
    select value_before from public.app_config_history
    where key = 'unified_service_flags' and operation = 'update' order by changed_at desc limit 1
  ) where key = 'unified_service_flags';
  return v_valid;
end
$$;
select ok(tests.flags_valid_with('{unifiedServiceRolloutPercent}', '12'), 'flags may be turned');
select ok(not tests.flags_valid_with('{unifiedServiceRolloutPercent}', '12.5'), 'to a whole number: no function takes another');
select ok(tests.flags_valid_with('{deny}', '["x"]'), 'and added to');
select ok(not tests.flags_valid_with('{unifiedServiceEnabled}', '"yes"'), 'enabled is true or false');
select ok(not tests.flags_valid_with('{unifiedServiceRolloutPercent}', '101'), 'a percentage is at most a hundred');
select ok(not tests.flags_valid_with('{unifiedServiceRolloutPercent}', '-1'), 'and not negative');
select ok(not tests.flags_valid_with('{unifiedServiceRolloutPercent}', '"10"'), 'and a number');
select ok(not tests.flags_valid_with('{agentFlags,jobs}', 'null'), 'each agent is on or off');
select ok(not tests.flags_valid_with('{features}', '{}'), 'each feature as well');
delete from public.app_config where key = 'unified_service_flags';
select is(public.read_health('{}') -> 'flags_valid', 'false', 'and there have to be some');

select * from finish();
rollback;

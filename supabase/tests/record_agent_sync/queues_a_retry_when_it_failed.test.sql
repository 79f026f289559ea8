begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
create function tests.fail_sync() returns jsonb language plpgsql as $$
begin
  perform tests.remember('token', tests.claim_sync() -> 'fencing_token');
  return tests.record_sync('{"outcome": "failed", "vapi_assistant_id": null, "error": "Vapi answered 500"}');
end
$$;

select is(tests.fail_sync(), '{"code": "recorded", "again": false}', 'a failure is recorded');
select results_eq(
  $$ select sync_status, sync_error, consecutive_failures, applied_hash, sync_failed_at is not null from public.agents where role = 'inbound' $$,
  $$ values ('failed', 'Vapi answered 500', 1, null::text, true) $$, 'with its reason'
);
select results_eq(
  'select kind, org_id, dedupe_key, payload, state from public.background_jobs',
  $$ values ('sync_agent', tests.id('clinic'), 'inbound', '{"role": "inbound"}'::jsonb, 'queued') $$, 'a retry is queued'
);
select ok(
  (select available_at between clock_timestamp() + interval '20 seconds' and clock_timestamp() + interval '35 seconds' from public.background_jobs),
  'in about half a minute'
);
select is((select outcome from public.operation_events where operation = 'agent_sync'), 'failed', 'and the event says so');

select tests.fail_sync();
select is((select count(*) from public.background_jobs), 1::bigint, 'another failure queues no second');
select is((select consecutive_failures from public.agents where role = 'inbound'), 2, 'but counts');

update public.background_jobs set state = 'completed', completed_at = now();
select tests.fail_sync();
select ok(
  (select available_at between clock_timestamp() + interval '100 seconds' and clock_timestamp() + interval '135 seconds'
   from public.background_jobs where state = 'queued'),
  'the wait doubles with every failure in a row'
);

select public.raise_alert(jsonb_build_object(
  'org_id', tests.id('clinic'), 'rule', 'job_dead_lettered', 'dedupe_key', 'sync_agent:inbound', 'severity', 'warning', 'message', 'm'
));
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{}');
select results_eq(
  $$ select sync_status, sync_error, consecutive_failures from public.agents where role = 'inbound' $$,
  $$ values ('synced', null::text, 0) $$, 'a success clears it all'
);
select is_empty($$ select 1 from public.background_jobs where state = 'queued' $$, 'the retry has nothing left to do');
select is((select state from public.alerts), 'resolved', 'nor has whoever was alerted');

select * from finish();
rollback;

begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
create function pg_temp.complete(p_org text, p_call_id text, p_seconds integer, p_tracking uuid default null) returns jsonb
language sql as $$
  select to_jsonb(completed) from public.update_call_completed_atomically(tests.id(p_org), p_call_id, p_seconds, p_tracking) as completed
$$;
select public.create_inbound_call_atomically(tests.id('clinic'), 'call-1', null, null, null, '{}');
select tests.remember('id', to_jsonb(id)) from public.call_tracking where vapi_call_id = 'call-1';

select is(
  pg_temp.complete('clinic', 'call-1', 61, (tests.recall('id') #>> '{}')::uuid),
  '{"call_logs_updated": true, "call_tracking_updated": true, "success": true, "error_message": null}'::jsonb,
  'a call ends'
);
select results_eq(
  $$ select call.state, call.duration_seconds, log.duration_seconds, log.outcome, call.ended_at = log.ended_at
     from public.call_tracking as call join public.call_logs as log on log.call_tracking_id = call.id $$,
  $$ values ('ended', 61, 61, 'completed', true) $$, 'in both its rows'
);
select is(
  pg_temp.complete('clinic', 'call-1', 99) - 'error_message',
  '{"call_logs_updated": false, "call_tracking_updated": false, "success": true}'::jsonb, 'a retry succeeds and changes nothing'
);
select matches(pg_temp.complete('clinic', 'call-1', 99) ->> 'error_message', '^ALREADY_PROCESSED: ', 'and says that it is one');
select is((select duration_seconds from public.call_logs), 61, 'the first told how long it was');

select is(pg_temp.complete('clinic', 'never-heard-of', 5) ->> 'success', 'true', 'a call that nobody saw begin');
select is((select state from public.call_tracking where vapi_call_id = 'never-heard-of'), 'ended', 'is there, and over');

select matches(pg_temp.complete('market', 'call-1', 61) ->> 'error_message', '^COLLISION_ERROR: ', 'another''s call is refused');
select matches(
  pg_temp.complete('market', 'market-call', 61, (tests.recall('id') #>> '{}')::uuid) ->> 'error_message', '^COLLISION_ERROR: ',
  'and so is another''s row'
);
select matches(
  pg_temp.complete('clinic', 'never-heard-of', 61, (tests.recall('id') #>> '{}')::uuid) ->> 'error_message',
  '^VALIDATION_ERROR: p_call_tracking_id', 'and the row of another call'
);
select matches(pg_temp.complete('clinic', 'c', -1) ->> 'error_message', '^VALIDATION_ERROR: p_duration', 'a negative length');
select matches(pg_temp.complete('clinic', repeat('x', 257), 1) ->> 'error_message', '^VALIDATION_ERROR: ', 'a long id');
select is((select count(*) from public.call_tracking where org_id = tests.id('market')), 0::bigint, 'refusals write no call');

select * from finish();
rollback;

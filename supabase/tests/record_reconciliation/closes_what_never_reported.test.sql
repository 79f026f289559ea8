begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));

select tests.act_as('service role');
create function pg_temp.claim() returns jsonb language sql as $$
  update public.call_tracking set report_due_at = now() - interval '1 second' where reported_at is null;
  select public.claim_stale_calls('{"limit": 5, "lease_seconds": 60}') #> '{calls,0}'
$$;
create function pg_temp.record(p_claimed jsonb, p_changes jsonb) returns jsonb language sql as $$
  select public.record_reconciliation(jsonb_build_object(
    'id', p_claimed -> 'id', 'fencing_token', p_claimed -> 'fencing_token', 'max_attempts', 2,
    'provider_calls', '[{"provider": "vapi", "operation": "get_call", "outcome": "succeeded", "status": 200, "duration_ms": 5}]'::jsonb
  ) || p_changes)
$$;
select tests.ingest(jsonb_build_object('change', jsonb_build_object('state', 'answered', 'at', now())));
select is(
  public.claim_stale_calls('{"limit": 5, "lease_seconds": 60}') -> 'calls', '[]'::jsonb, 'a call that may still go on is left alone'
);
select tests.remember('first', pg_temp.claim());
select is(tests.recall('first') ->> 'vapi_call_id', 'call-1', 'one that is overdue is claimed');
select isnt(tests.recall('first') #>> '{vapi,ciphertext}', null, 'with the key to ask with');
select is(
  public.claim_stale_calls('{"limit": 5, "lease_seconds": 60}') -> 'calls', '[]'::jsonb, 'by one at a time'
);
select is(pg_temp.record(tests.recall('first'), '{"outcome": "in_progress"}') ->> 'state', 'answered', 'still going on');
select is((select report_due_at > now() + interval '9 minutes' from public.call_tracking), true, 'it is asked about again later');
select is((select call_count from public.provider_call_stats where operation = 'get_call'), 1, 'the question is counted');

select tests.remember('second', pg_temp.claim());
select is(pg_temp.record(tests.recall('first'), '{"outcome": "in_progress"}') ->> 'code', 'lease_lost', 'an earlier claim is worth nothing');
select is(pg_temp.record(tests.recall('second'), '{
  "outcome": "closed", "report": {
    "change": {"state": "ended", "ended_authority": 1, "ended_reason": "fetched", "duration_seconds": 50, "outcome": "completed"},
    "content": {"authority": 1, "summary": "Fetched.", "cost": 0.1}, "missed": false
  }
}') ->> 'state', 'ended', 'what Vapi says closes it');
select results_eq(
  'select outcome, summary, duration_seconds, ended_reason from public.call_logs', $$ values ('completed', 'Fetched.', 50, 'fetched') $$,
  'with what it says'
);
select is(pg_temp.claim(), null, 'and it is asked about no more');
select tests.ingest_report();
select results_eq(
  'select summary, duration_seconds, ended_reason from public.call_logs', $$ values ('They asked.', 61, 'customer-ended-call') $$,
  'a report that comes after all has the last word'
);

select tests.ingest(jsonb_build_object(
  'event', '{"id": "vapi:call-2:x", "type": "x"}'::jsonb, 'call', '{"id": "call-2", "direction": "inbound"}'::jsonb
));
select pg_temp.record(pg_temp.claim(), '{"outcome": "failed", "error": "503"}');
select is((select reported_at from public.call_tracking where vapi_call_id = 'call-2'), null, 'a question without an answer is asked again');
select pg_temp.record(pg_temp.claim(), '{"outcome": "failed", "error": "503"}');
select results_eq(
  $$ select call.state, call.ended_reason, log.outcome from public.call_tracking as call
     join public.call_logs as log on log.call_tracking_id = call.id where call.vapi_call_id = 'call-2' $$,
  $$ values ('ended', 'reconciliation-gave-up', 'unknown') $$, 'not for ever'
);
select is((select severity from public.alerts where rule = 'call_not_reconciled'), 'warning', 'and a person is told');

select * from finish();
rollback;

begin;
\ir ../people.psql
select no_plan();

create function tests.check_drift(p_changes jsonb) returns jsonb language plpgsql as $$
declare
  v_claimed jsonb;
begin
  update public.agents set sync_status = 'synced', last_synced_at = now(), vapi_assistant_id = 'asst-1', drift_claimed_at = null
  where org_id = tests.id('clinic') and role = 'inbound';
  v_claimed := public.claim_drift_checks('{"limit": 1, "lease_seconds": 60, "worker_id": "w1"}') #> '{checks,0}';
  perform tests.remember('token', v_claimed -> 'fencing_token');
  return public.record_drift_check(jsonb_build_object(
    'org_id', tests.id('clinic'), 'role', 'inbound', 'request_id', 'r1', 'fencing_token', v_claimed -> 'fencing_token',
    'outcome', 'drifted', 'differences', '[{"field": "firstMessage", "applied": "Hello", "actual": "Yo"}]'::jsonb, 'repaired', false,
    'error', null, 'duration_ms', 12,
    'provider_calls', '[{"provider": "vapi", "operation": "get_assistant", "outcome": "succeeded", "duration_ms": 5}]'::jsonb
  ) || p_changes);
end
$$;
create function tests.agent() returns public.agents language sql as $$
  select * from public.agents where org_id = tests.id('clinic') and role = 'inbound'
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{}');

select is(
  tests.check_drift('{"outcome": "in_step", "differences": []}'), '{"code": "recorded", "policy": "report", "sync_queued": false}', 'all is as it was'
);
select is((tests.agent()).drift_status, 'in_step', 'which the agent shows');
select is_empty($$ select 1 from public.operation_events where operation = 'drift_check' $$, 'and is no news');
select is((select sum(call_count) from public.provider_call_stats), 1::bigint, 'its call is counted');

select is(tests.check_drift('{}') ->> 'code', 'recorded', 'somebody changed it at Vapi');
select results_eq(
  $$ select (a).drift_status, (a).drifted_at is not null, (a).drift_differences, (a).sync_status, (a).applied_hash from tests.agent() as a $$,
  $$ values ('drifted', true, '[{"field": "firstMessage", "applied": "Hello", "actual": "Yo"}]'::jsonb, 'synced', 'hash-1') $$,
  'it is reported field by field, and left as it is'
);
select results_eq(
  $$ select severity, message, details -> 'differences' -> 0 ->> 'actual' from public.alerts where rule = 'assistant_drifted' $$,
  $$ values ('warning', 'Cannot confirm the inbound assistant: it was changed at Vapi in firstMessage', 'Yo') $$, 'somebody is told'
);
select results_eq(
  $$ select outcome, details ->> 'outcome', duration_ms from public.operation_events where operation = 'drift_check' $$,
  $$ values ('succeeded', 'drifted', 12) $$, 'an event tells of it'
);
select is(
  (select released_at is not null from public.leases where resource = 'agent_sync:inbound'), true, 'the lease is given back'
);

select tests.check_drift('{"outcome": "failed", "differences": [], "error": "Vapi answered 500"}');
select is((tests.agent()).drift_status, 'drifted', 'a check that failed says nothing about it');
select is((select count(*) from public.operation_events where operation = 'drift_check' and outcome = 'failed'), 1::bigint, 'but is an event');
select tests.check_drift('{"outcome": "in_step", "differences": []}');
select results_eq(
  $$ select (a).drift_status, (a).drifted_at, (a).drift_differences from tests.agent() as a $$,
  $$ values ('in_step', null::timestamptz, null::jsonb) $$, 'changed back there, all is well'
);
select is((select state from public.alerts where rule = 'assistant_drifted'), 'resolved', 'for the alert too');
select is(
  (select count(*) from public.operation_events where operation = 'drift_check' and details ->> 'outcome' = 'in_step'), 1::bigint, 'which is news'
);

select is(tests.check_drift('{"outcome": "missing", "differences": []}') -> 'sync_queued', 'false', 'one that was deleted is reported as well');
select results_eq(
  $$ select (a).drift_status, (a).sync_status, (a).applied_hash from tests.agent() as a $$, $$ values ('missing', 'synced', null::text) $$,
  'and the next sync, whoever asks for it, looks at Vapi'
);
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{"outcome": "unchanged"}');
select is((tests.agent()).drift_status, 'in_step', 'which ends the drift, whatever it finds');

update public.organization_settings set drift_policy = 'repair';
select is(
  tests.check_drift('{}'), '{"code": "recorded", "policy": "repair", "sync_queued": true}', 'where drift is repaired a sync is queued'
);
select results_eq(
  $$ select (a).drift_status, (a).sync_status, (a).applied_hash from tests.agent() as a $$, $$ values ('drifted', 'queued', null::text) $$,
  'that looks at Vapi although nothing changed here'
);
select is((select count(*) from public.background_jobs where kind = 'sync_agent' and dedupe_key = 'inbound' and state = 'queued'), 1::bigint, 'by a job');
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{}');
select is((tests.agent()).drift_status, 'in_step', 'the sync ends the drift');
select is((select count(*) from public.alerts where rule = 'assistant_drifted' and state = 'raised'), 0::bigint, 'and its alert');

select is(tests.check_drift('{"repaired": true}') -> 'sync_queued', 'false', 'what the check repaired itself');
select is((tests.agent()).drift_status, 'in_step', 'is in step');
select is(
  (select count(*) from public.operation_events where operation = 'drift_check' and details ->> 'repaired' = 'true'), 1::bigint, 'and an event'
);

select is(tests.check_drift('{"outcome": "missing", "differences": []}') -> 'sync_queued', 'true', 'one that was deleted');
select is(
  (select severity from public.alerts where rule = 'assistant_drifted' and state = 'raised'), 'critical', 'is urgent'
);

select is(
  public.record_drift_check(jsonb_build_object(
    'org_id', tests.id('clinic'), 'role', 'inbound', 'fencing_token', tests.recall('token'), 'outcome', 'drifted'
  )), '{"code": "recorded", "policy": "repair", "sync_queued": false}', 'recording again after a lost answer does nothing twice'
);
select is(
  public.record_drift_check(jsonb_build_object(
    'org_id', tests.id('clinic'), 'role', 'inbound', 'fencing_token', 0, 'outcome', 'drifted'
  )), '{"code": "lease_lost"}', 'nor does one whose lease was lost'
);
select throws_ok($$ select tests.check_drift('{"outcome": "splendid"}') $$, '22023', null, 'of the outcomes there are');

select * from finish();
rollback;

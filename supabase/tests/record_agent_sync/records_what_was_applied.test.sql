begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.remember('token', tests.claim_sync() -> 'fencing_token');

select is(tests.record_sync('{"fencing_token": 0}'), '{"code": "lease_lost"}', 'only under the lease');
select throws_ok($$ select tests.record_sync('{"outcome": "splendid"}') $$, '22023', null, 'of the outcomes there are');
select is(
  tests.record_sync('{"provider_calls": [{"provider": "vapi", "operation": "create_assistant", "outcome": "succeeded", "duration_ms": 5}]}'),
  '{"code": "recorded", "again": false}', 'a sync is recorded'
);
select results_eq(
  $$ select sync_status, vapi_assistant_id, applied_hash, applied_key_fingerprint, applied_revision, applied,
       last_synced_at is not null, sync_error, consecutive_failures, revision
     from public.agents where role = 'inbound' $$,
  $$ values ('synced', 'asst-1', 'hash-1', 'fp-key1', 1, '{"name": "Inbound receptionist"}'::jsonb, true, null::text, 0, 1) $$,
  'with what was applied, and no new revision'
);
select results_eq(
  $$ select outcome, actor, request_id, duration_ms, details from public.operation_events where operation = 'agent_sync' $$,
  $$ values ('succeeded', 'system', 'r1', 321,
    '{"role": "inbound", "outcome": "synced", "revision": 1, "actions": ["create"], "error": null, "again": false}'::jsonb) $$,
  'an event tells of it'
);
select is((select call_count from public.provider_call_stats), 1, 'its calls are counted');
select is(
  tests.record_sync('{"provider_calls": [{"provider": "vapi", "operation": "create_assistant", "outcome": "succeeded", "duration_ms": 5}]}'),
  '{"code": "recorded", "again": false}', 'recording again after a lost answer'
);
select is((select call_count from public.provider_call_stats), 1, 'counts nothing twice');
select is((select count(*) from public.operation_events where operation = 'agent_sync'), 1::bigint, 'and tells nothing twice');

select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select isnt(tests.recall('token'), 'null', 'the lease is free again');
select is(
  tests.record_sync('{"outcome": "unchanged", "applied": null, "applied_hash": null, "applied_key_fingerprint": null, "vapi_assistant_id": null}'),
  '{"code": "recorded", "again": false}', 'nothing to do is recorded'
);
select results_eq(
  $$ select sync_status, vapi_assistant_id, applied_hash, applied_key_fingerprint, applied from public.agents where role = 'inbound' $$,
  $$ values ('synced', 'asst-1', 'hash-1', 'fp-key1', '{"name": "Inbound receptionist"}'::jsonb) $$, 'and forgets nothing of what was applied'
);

select * from finish();
rollback;

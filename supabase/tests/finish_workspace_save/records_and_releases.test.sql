begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(
  tests.integration('vapi', 'key1', '{"account_id": "acc", "number": {"phone_number_id": "old"}}')
));
select tests.remember('held', jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r2', 'lease_seconds', 60
));
select tests.remember('held', tests.recall('held') || jsonb_build_object(
  'fencing_token', public.begin_workspace_save(tests.recall('held')) -> 'fencing_token',
  'operation', 'workspace_save', 'outcome', 'partially_succeeded', 'duration_ms', 1234.5,
  'details', '{"synced": ["inbound"]}'::jsonb,
  'integration_patches', '[
    {"provider": "vapi", "public_config_patch": {"number": null, "bound": {"at": "now"}}},
    {"provider": "twilio", "public_config_patch": {"ignored": true}}
  ]'::jsonb,
  'provider_calls', '[{"provider": "vapi", "operation": "create_assistant", "outcome": "succeeded", "status": 201, "duration_ms": 90}]'::jsonb
));

select is(public.finish_workspace_save(tests.recall('held')), '{"code": "finished"}', 'it finishes');
select results_eq(
  'select public_config, revision from public.integrations',
  $$ values ('{"account_id": "acc", "bound": {"at": "now"}}'::jsonb, 2) $$, 'a patch is merged, a null removes its key'
);
select results_eq(
  $$ select operation, outcome, actor, request_id, duration_ms, details from public.operation_events where request_id = 'r2' $$,
  $$ values ('workspace_save', 'partially_succeeded', tests.id('owner')::text, 'r2', 1235, '{"synced": ["inbound"]}'::jsonb) $$,
  'the event tells how it went'
);
select is((select call_count from public.provider_call_stats), 1, 'calls are counted');
select is(public.finish_workspace_save(tests.recall('held')), '{"code": "finished"}', 'finishing again after a lost answer');
select is((select call_count from public.provider_call_stats), 1, 'counts nothing twice');
select is((select count(*) from public.operation_events where request_id = 'r2'), 1::bigint, 'and tells nothing twice');
select is(public.begin_workspace_save(tests.recall('held')) ->> 'code', 'began', 'the next save may begin');

select is(
  public.finish_workspace_save(tests.recall('held') || '{
    "outcome": "failed", "integration_patches": [{"provider": "vapi", "public_config_patch": {"stale": true}}]
  }'),
  '{"code": "lease_lost"}', 'whoever lost the lease is told'
);
select is((select count(*) from public.operation_events where request_id = 'r2'), 2::bigint, 'what happened is recorded all the same');
select is((select call_count from public.provider_call_stats), 2, 'with its calls');
select is((select public_config -> 'stale' from public.integrations), null, 'but nothing is changed');

select * from finish();
rollback;

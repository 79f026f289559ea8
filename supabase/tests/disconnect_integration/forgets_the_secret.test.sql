begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(
  tests.integration('vapi', 'key1', '{"account_id": "acc"}'), tests.integration('twilio', 'tok1', '{"from_number": "+14155550100"}')
));
update public.agents set vapi_assistant_id = 'asst-' || role;
select tests.remember('held', jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'r2', 'lease_seconds', 60, 'provider', 'vapi'
));
select tests.remember('held', tests.recall('held') || jsonb_build_object(
  'fencing_token', public.begin_workspace_save(tests.recall('held')) -> 'fencing_token'
));

select is(public.disconnect_integration(tests.recall('held') || '{"fencing_token": 0}'), '{"code": "lease_lost"}', 'only under the lease');
select is(public.disconnect_integration(tests.recall('held')), '{"code": "disconnected"}', 'it disconnects');
select results_eq(
  $$ select connected, fingerprint, last_four, public_config, revision, disconnected_at is not null from public.integrations where provider = 'vapi' $$,
  $$ values (false, null::text, null::text, '{}'::jsonb, 2, true) $$, 'nothing of the account is left'
);
select results_eq('select provider from private.integration_credentials', array['twilio'], 'nor its secret; the other provider''s stays');
select set_eq('select vapi_assistant_id from public.agents', array['asst-inbound', 'asst-outbound'], 'agents keep their assistants'' ids');
select results_eq(
  $$ select actor, subject from public.audit_log where action = 'integration_disconnected' $$,
  $$ values (tests.id('admin')::text, 'vapi') $$, 'who did it is known'
);
select is((select outcome from public.operation_events where operation = 'integration_disconnect'), 'succeeded', 'and that it was done');
select is(public.disconnect_integration(tests.recall('held')), '{"code": "not_connected"}', 'twice is once');
select is(
  public.disconnect_integration(tests.recall('held') || '{"provider": "whatsapp"}'), '{"code": "not_connected"}', 'what never was connected isn''t'
);
select is(
  public.read_credential(jsonb_build_object('org_id', tests.id('clinic'), 'provider', 'vapi')), '{"code": "not_connected"}', 'it can''t be read'
);

select * from finish();
rollback;

begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
create function tests.check(p_changes jsonb) returns jsonb language sql as $$
  select public.record_credential_check(jsonb_build_object(
    'org_id', tests.id('clinic'), 'provider', 'vapi', 'fingerprint', 'fp-key1', 'succeeded', false, 'error', 'Vapi answered 401',
    'provider_calls', '[{"provider": "vapi", "operation": "verify_key", "outcome": "refused", "duration_ms": 5}]'::jsonb
  ) || p_changes)
$$;
update public.integrations set last_checked_at = now() - interval '2 days';

select is(tests.check('{}'), '{"code": "recorded"}', 'a failed check is recorded');
select results_eq(
  $$ select last_error, last_checked_at > now() - interval '1 hour', connected from public.integrations $$,
  $$ values ('Vapi answered 401', true, true) $$, 'with its reason'
);
select results_eq(
  'select org_id, rule, dedupe_key, severity, state from public.alerts',
  $$ values (tests.id('clinic'), 'credential_failed', 'vapi', 'critical', 'raised') $$, 'and an alert'
);
select is((select call_count from public.provider_call_stats), 1, 'its calls are counted');

select is(tests.check('{"succeeded": true, "error": null}'), '{"code": "recorded"}', 'a good one');
select is((select last_error from public.integrations), null, 'clears the error');
select is((select state from public.alerts), 'resolved', 'and the alert');

select is(tests.check('{"fingerprint": "fp-key0"}'), '{"code": "superseded"}', 'a check of an older key says nothing about the newer');
select is((select last_error from public.integrations), null, 'and writes nothing');
select is(tests.check('{"provider": "twilio"}'), '{"code": "superseded"}', 'nor does one of what isn''t connected');

select * from finish();
rollback;

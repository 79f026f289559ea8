begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(
  tests.integration('vapi', 'key1'), tests.integration('twilio', 'tok1', '{"from_number": "+14155550100"}')
));
select tests.remember('began', public.begin_workspace_save(jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r2', 'lease_seconds', 60
)));

select is(
  (tests.recall('began') #> '{integrations,1}') - array['last_checked_at', 'updated_at'],
  jsonb_build_object(
    'provider', 'vapi', 'connected', true, 'fingerprint', 'fp-key1', 'last_four', 'key1', 'public_config', '{}'::jsonb,
    'last_error', null, 'revision', 1, 'ciphertext', tests.ciphertext('key1'), 'key_id', 'k1'
  ),
  'with their ciphertext and the key that seals it'
);
select is(tests.recall('began') #>> '{integrations,0,provider}', 'twilio', 'in the order of their providers');
select is(
  array(select agent ->> 'role' from jsonb_array_elements(tests.recall('began') -> 'agents') as agent),
  array['inbound', 'outbound'], 'and both agents'
);

select * from finish();
rollback;

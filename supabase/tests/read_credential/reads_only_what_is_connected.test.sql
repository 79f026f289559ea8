begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('twilio', 'tok1', '{"from_number": "+14155550100"}')));
select is(
  public.read_credential(jsonb_build_object('org_id', tests.id('clinic'), 'provider', 'twilio')),
  jsonb_build_object(
    'code', 'read', 'connected', true, 'fingerprint', 'fp-tok1', 'ciphertext', tests.ciphertext('tok1'), 'key_id', 'k1',
    'public_config', '{"from_number": "+14155550100"}'::jsonb
  ), 'what is connected, sealed'
);
select is(
  public.read_credential(jsonb_build_object('org_id', tests.id('clinic'), 'provider', 'vapi')), '{"code": "not_connected"}', 'not another provider'
);
select is(
  public.read_credential(jsonb_build_object('org_id', tests.id('market'), 'provider', 'twilio')), '{"code": "not_connected"}', 'nor another organization''s'
);

select * from finish();
rollback;

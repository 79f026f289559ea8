begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('market', jsonb_build_array(
  tests.integration('twilio', 'tok1', '{"from_number": "+14155550100"}'),
  tests.integration('whatsapp', 'wat1', '{"phone_number_id": "100", "business_account_id": "900"}')
));
create function tests.take(p_provider text, p_public_config jsonb) returns jsonb language sql as $$
  select tests.save_workspace('clinic', jsonb_build_array(
    tests.integration('vapi', 'key1'), tests.integration(p_provider, 'mine', p_public_config)
  )) -> 'stored'
$$;

select is(
  tests.take('twilio', '{"from_number": "+14155550100"}'),
  '{"code": "taken", "provider": "twilio", "field": "twilio_from_number"}', 'a dialled number'
);
select is(
  tests.take('whatsapp', '{"phone_number_id": "100", "business_account_id": "901"}'),
  '{"code": "taken", "provider": "whatsapp", "field": "whatsapp_phone_number_id"}', 'a WhatsApp number'
);
select is(
  tests.take('whatsapp', '{"phone_number_id": "101", "business_account_id": "900"}'),
  '{"code": "taken", "provider": "whatsapp", "field": "whatsapp_business_account_id"}', 'a WhatsApp business account'
);
select is_empty($$ select 1 from public.integrations where org_id = tests.id('clinic') $$, 'nothing is stored then');
select is_empty($$ select 1 from public.agents where org_id = tests.id('clinic') $$, 'no agent is made');
select is_empty($$ select 1 from public.audit_log where org_id = tests.id('clinic') $$, 'and nothing is claimed to have been');
select is(
  tests.take('twilio', '{"from_number": "+14155550101"}') ->> 'code', 'stored', 'a number of one''s own is'
);

select * from finish();
rollback;

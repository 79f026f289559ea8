begin;
\ir ../people.psql
select no_plan();

insert into public.integrations (org_id, provider, connected, fingerprint, public_config) values
  (tests.id('clinic'), 'whatsapp', true, 'a', '{"phone_number_id": "1", "business_account_id": "9"}'),
  (tests.id('clinic'), 'twilio', true, 'b', '{"from_number": "+14155550100"}');

select throws_like(
  $$ insert into public.integrations (org_id, provider, connected, fingerprint, public_config)
     values (tests.id('market'), 'whatsapp', true, 'c', '{"phone_number_id": "1", "business_account_id": "8"}') $$,
  '%integrations_whatsapp_phone_number_id_unique%', 'a WhatsApp number'
);
select throws_like(
  $$ insert into public.integrations (org_id, provider, connected, fingerprint, public_config)
     values (tests.id('market'), 'whatsapp', true, 'c', '{"phone_number_id": "2", "business_account_id": "9"}') $$,
  '%integrations_whatsapp_business_account_id_unique%', 'a WhatsApp business account'
);
select throws_like(
  $$ insert into public.integrations (org_id, provider, connected, fingerprint, public_config)
     values (tests.id('market'), 'twilio', true, 'c', '{"from_number": "+14155550100"}') $$,
  '%integrations_twilio_from_number_unique%', 'a dialled number'
);
select throws_like(
  $$ insert into public.integrations (org_id, provider) values (tests.id('clinic'), 'twilio') $$,
  '%integrations_org_id_provider_unique%', 'an organization has one account a provider'
);
select throws_like(
  $$ update public.integrations set connected = false where org_id = tests.id('clinic') $$,
  '%integrations_connected_has_a_fingerprint%', 'connected and fingerprint go together'
);

update public.integrations set connected = false, fingerprint = null where org_id = tests.id('clinic');
select lives_ok(
  $$ insert into public.integrations (org_id, provider, connected, fingerprint, public_config)
     values (tests.id('market'), 'twilio', true, 'c', '{"from_number": "+14155550100"}') $$,
  'a number that was disconnected is free'
);

select * from finish();
rollback;

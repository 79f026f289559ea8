begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select is(public.read_webhook_secrets('{"phone_number_ids": ["1001", "2001"]}') -> 'secrets', '[]', 'whose app is ours has no secret of its own');
update public.integrations set public_config = public_config || '{"has_app_secret": true}' where org_id = tests.id('clinic');
select is(
  public.read_webhook_secrets('{"phone_number_ids": ["1001", "2001", "9"]}') -> 'secrets',
  jsonb_build_array(jsonb_build_object('org_id', tests.id('clinic'), 'phone_number_id', '1001', 'business_account_id', 'waba-1001', 'ciphertext', tests.ciphertext('clinic'), 'key_id', 'k1')),
  'whose isn''t has one, sealed'
);
select is(
  public.read_webhook_secrets('{"phone_number_ids": [], "business_account_ids": ["waba-1001", "waba-2001"]}') #>> '{secrets,0,org_id}',
  tests.id('clinic')::text, 'what names no number is found by its account'
);
select is(
  public.read_webhook_secrets('{"phone_number_ids": ["waba-1001"], "business_account_ids": ["1001"]}') -> 'secrets', '[]',
  'and neither id stands for the other'
);
select is(public.read_webhook_secrets('{}') -> 'secrets', '[]', 'nobody asked, nothing answered');

select * from finish();
rollback;

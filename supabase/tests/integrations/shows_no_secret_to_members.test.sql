begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'secretvapi')));
select tests.save_workspace('market', jsonb_build_array(tests.integration('vapi', 'marketvapi')));

select tests.act_as('viewer');
select results_eq(
  'select provider, connected, last_four from public.integrations',
  $$ values ('vapi', true, 'vapi') $$, 'a viewer reads the masked state of the own organization'
);
select throws_ok('select fingerprint from public.integrations', '42501', null, 'but no fingerprint');
select throws_ok('select public_config from public.integrations', '42501', null, 'nor what a number was before us');
select throws_ok('select * from private.integration_credentials', '42501', null, 'nor a credential');

select tests.act_as('owner');
select throws_ok('select * from private.integration_credentials', '42501', null, 'an owner neither');
select throws_ok(
  $$ select public.read_credential(jsonb_build_object('org_id', tests.id('clinic'), 'provider', 'vapi')) $$,
  '42501', null, 'not by a function either'
);
select throws_ok('update public.integrations set connected = false', '42501', null, 'and can''t write it');

select tests.act_as('outsider');
select is_empty('select provider from public.integrations', 'an outsider reads nothing');

select tests.act_as('anon');
select throws_ok('select provider from public.integrations', '42501', null, 'anon may not ask');
select throws_ok('select * from private.integration_credentials', '42501', null, 'anon neither');

select tests.act_as('operator');
select is_empty(
  $$ select 1 from public.integrations as i where to_jsonb(i)::text like '%secretvapi%' and fingerprint <> 'fp-secretvapi' $$,
  'nothing of a secret is in the public table'
);
select throws_ok(
  $$ update private.integration_credentials set ciphertext = 'a plain secret' $$, '23514', null, 'what isn''t encrypted can''t be stored'
);

select * from finish();
rollback;

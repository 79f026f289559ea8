begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select is(
  public.read_workspace(jsonb_build_object('org_id', tests.id('clinic'))),
  '{"code": "read", "integrations": [], "agents": []}', 'an empty workspace is empty'
);
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1', '{"account_id": "acc"}')));
select tests.save_workspace('market', jsonb_build_array(tests.integration('vapi', 'key2')));
select tests.remember('read', public.read_workspace(jsonb_build_object('org_id', tests.id('clinic'))));

select is(
  (tests.recall('read') -> 'integrations') #- '{0,last_checked_at}' #- '{0,updated_at}',
  '[{"provider": "vapi", "connected": true, "last_four": "key1", "public_config": {"account_id": "acc"}, "last_error": null, "revision": 1, "pending": null}]',
  'the integration without fingerprint and ciphertext'
);
select isnt(tests.recall('read') #>> '{integrations,0,last_checked_at}', null, 'with the time of its last check');
select is(jsonb_array_length(tests.recall('read') -> 'agents'), 2, 'and the agents');
select is(
  tests.recall('read') #> '{agents,0}',
  (select to_jsonb(agent) from public.agents as agent where org_id = tests.id('clinic') and role = 'inbound'), 'as whole rows'
);

select * from finish();
rollback;

begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select is(tests.claim_sync(), '{"code": "not_found"}', 'an agent that doesn''t exist isn''t found');

select tests.save_workspace('clinic', '[]');
select is(tests.claim_sync() ->> 'code', 'not_connected', 'without a Vapi account there is nothing to sync to');
select is(tests.claim_sync() #>> '{agent,role}', 'inbound', 'but the agent is told');
select is_empty($$ select 1 from public.leases where resource like 'agent_sync:%' $$, 'and no lease is taken');

select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1', '{"account_id": "acc"}')));
select tests.remember('claimed', tests.claim_sync());
select is(tests.recall('claimed') ->> 'code', 'claimed', 'a connected one is claimed');
select is(
  tests.recall('claimed') -> 'vapi',
  jsonb_build_object(
    'fingerprint', 'fp-key1', 'ciphertext', tests.ciphertext('key1'), 'key_id', 'k1', 'public_config', '{"account_id": "acc"}'::jsonb
  ), 'with the sealed key'
);
select is(tests.recall('claimed') #>> '{agent,name}', 'Inbound receptionist', 'the agent');
select is(tests.recall('claimed') #>> '{settings,org_id}', tests.id('clinic')::text, 'the settings');
select is(tests.recall('claimed') #>> '{voice_defaults,voice,voiceId}', 'Elliot', 'the voice defaults');
select is(tests.recall('claimed') -> 'interrupted', 'false', 'and nobody was interrupted before');
select is(
  public.read_agent_sync(jsonb_build_object('org_id', tests.id('clinic'), 'role', 'inbound')),
  (tests.recall('claimed') - array['fencing_token', 'interrupted']) || '{"code": "read"}',
  'a look without a claim shows the same'
);

update public.agents set sync_status = 'synced', last_synced_at = now();
select is(tests.claim_sync(), '{"code": "held", "retry_after_seconds": 5}', 'a second claim has to wait');
select results_eq(
  'select role, sync_status from public.agents order by role', $$ values ('inbound', 'queued'), ('outbound', 'synced') $$,
  'and leaves the agent queued'
);
select is(tests.claim_sync('outbound') ->> 'code', 'claimed', 'the other role is another lease');

update public.leases set expires_at = now() - interval '1 second' where resource = 'agent_sync:inbound';
select tests.remember('second', tests.claim_sync());
select is(tests.recall('second') ->> 'code', 'claimed', 'a lease that ran out is taken over');
select is(tests.recall('second') -> 'interrupted', 'true', 'knowing that its holder was interrupted');
select cmp_ok(
  (tests.recall('second') ->> 'fencing_token')::bigint, '>', (tests.recall('claimed') ->> 'fencing_token')::bigint, 'under a higher token'
);

create function tests.claim_with(p_claim_id text) returns jsonb language sql as $$
  select public.claim_agent_sync(jsonb_build_object(
    'org_id', tests.id('clinic'), 'role', 'inbound', 'request_id', 'r1', 'claim_id', p_claim_id, 'lease_seconds', 60
  ))
$$;
update public.leases set released_at = now() where resource = 'agent_sync:inbound';
select tests.remember('third', tests.claim_with('c1'));
update public.agents set sync_status = 'synced', last_synced_at = now();
select is(
  tests.claim_with('c1') -> 'fencing_token', tests.recall('third') -> 'fencing_token', 'repeated after a lost answer, a claim is the same'
);
select is((select sync_status from public.agents where role = 'inbound'), 'synced', 'and asks for nothing more');
select is(tests.claim_with('c1') -> 'interrupted', 'true', 'taking no chances with who was there before');
select is(tests.claim_with('c2') ->> 'code', 'held', 'another claim of the same request has to wait');

select * from finish();
rollback;

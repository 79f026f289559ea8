begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

select is(
  public.claim_turn(jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', gen_random_uuid(), 'lease_seconds', 30)),
  '{"code": "nothing"}', 'nobody has written, nothing is to be done'
);
select tests.deliver(tests.text('wamid.1'), tests.text('wamid.2'), tests.text('wamid.3', '{"type": "system", "needs_turn": false}'));
select tests.remember('claim', tests.claim());
select is(tests.wamids(tests.recall('claim')), 'wamid.1 wamid.2', 'a burst is one turn, in order');
select is(tests.recall('claim') #>> '{contact,rollout_key}', '250788123456', 'with the contact');
select is(tests.recall('claim') #>> '{contact,phone}', '250788123456', 'where to answer');
select is(tests.recall('claim') #>> '{session,status}', 'active', 'the session');
select ok(tests.recall('claim') -> 'flags' ? 'agentFlags', 'the flags');
select is(tests.recall('claim') #>> '{sender,whatsapp,public_config,phone_number_id}', '1001', 'and what sending needs, in one answer');
select is(tests.claim(), '{"code": "held"}', 'nobody else has it meanwhile');
select is(
  public.claim_turn(jsonb_build_object('org_id', tests.id('market'), 'contact_id', tests.contact(), 'lease_seconds', 30)),
  '{"code": "nothing"}', 'another organization has no such contact'
);
select is(tests.deliver(tests.text('wamid.4')) -> 'turns', '[]', 'what arrives meanwhile is left to the holder');
select is(tests.complete() - 'send', '{"code": "completed", "again": true}', 'who is told that there is more');
select is(tests.wamids(tests.claim()), 'wamid.4', 'and goes on with it');

select * from finish();
rollback;

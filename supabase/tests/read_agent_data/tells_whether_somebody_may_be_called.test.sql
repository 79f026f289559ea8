begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1', '{"number": {"number": "+250788000001", "phone_number_id": "n1"}}')));
select tests.act_as('service role');
\ir ../agents.psql
create function pg_temp.facts(p_person text) returns jsonb language sql as $$
  select tests.read(p_person, '{"kind": "calling"}') -> 'calling'
$$;

update public.agents set vapi_assistant_id = role || '-assistant', state = 'active' where org_id = tests.id('clinic');
select is(pg_temp.facts('ann') ->> 'phone', '+250788123456', 'the person''s own number');
select is(pg_temp.facts('ann') -> 'opted_out', 'false', 'who hasn''t opted out');
select is(
  (pg_temp.facts('ann') -> 'agent') - 'id',
  '{"state": "active", "activation_mode": "limited", "assistant_id": "outbound-assistant", "phone_number_id": "n1"}',
  'the outbound agent, with the workspace''s number'
);
select is(pg_temp.facts('ann') ->> 'own_number', '+250788000001', 'which is whom we call as');
update public.agents set vapi_phone_number_id = 'own' where org_id = tests.id('clinic') and role = 'outbound';
select is(pg_temp.facts('ann') #>> '{agent,phone_number_id}', 'own', 'or its own number');
insert into public.contact_opt_outs (org_id, contact_id, reason) values (tests.id('clinic'), tests.person('ann'), 'STOP');
select is(pg_temp.facts('ann') -> 'opted_out', 'true', 'who wrote STOP');
select is(pg_temp.facts('bob') -> 'opted_out', 'false', 'and nobody else');
select is(pg_temp.facts('far') -> 'agent', 'null', 'another organization''s agent calls nobody here');
select is(pg_temp.facts('far') -> 'own_number', 'null', 'nor is its number another''s');
update public.integrations set connected = false, fingerprint = null, last_four = null where org_id = tests.id('clinic') and provider = 'vapi';
select is(pg_temp.facts('ann') -> 'agent', 'null', 'what isn''t connected doesn''t call');

select * from finish();
rollback;

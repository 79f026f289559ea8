begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql

create function tests.switches(p_person text, p_organization text default 'clinic') returns jsonb language sql as $$
  select public.list_agent_switches(jsonb_build_object('org_id', tests.id(p_organization), 'user_id', tests.id(p_person)))
$$;
select public.switch_agent(jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'r1', 'agent', 'jobs', 'on', false, 'reason', 'Wrong prices'
));
select is(tests.switches('viewer') ->> 'code', 'forbidden', 'a viewer may not see them');
select is(tests.switches('market owner') ->> 'code', 'forbidden', 'nor another organization');
select is(tests.switches('market owner', 'market') -> 'switches', '[]', 'each their own');
select is(
  (select jsonb_build_array(switch -> 'agent', switch -> 'state', switch -> 'reason') from jsonb_array_elements(tests.switches('member') -> 'switches') as switch),
  '["jobs", "off", "Wrong prices"]', 'a member sees what is off, and why'
);
select is((select details from public.audit_log where action = 'agent_switched_off'), '{"reason": "Wrong prices"}', 'it is on record');
select is(
  (select actor || ' ' || outcome from public.operation_events where operation = 'agent_switch'), tests.id('admin') || ' succeeded', 'as an operation too'
);
select public.switch_agent(jsonb_build_object('org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'agent', 'jobs', 'on', true, 'reason', 'Mended'));
select private.count_turn(
  jsonb_build_object('org_id', tests.id('clinic'), 'contact_id', tests.person('ann'), 'correlation_id', 'c' || n),
  '[{"event_type": "turn", "outcome": "failed", "agent": "jobs", "error": "It broke"}]'
) from generate_series(1, 5) as n;
select is(
  (select jsonb_build_array(switch -> 'state', switch -> 'reason', switch -> 'last_error') from jsonb_array_elements(tests.switches('member') -> 'switches') as switch),
  '["off", null, "It broke"]', 'a reason is that of the last switch'
);

select * from finish();
rollback;

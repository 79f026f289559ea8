begin;
\ir ../people.psql
select no_plan();

create function tests.roll_back(p_revision integer, p_if_match integer default null) returns jsonb language sql as $$
  select public.rollback_agent(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r1', 'role', 'inbound',
    'revision', p_revision, 'if_match', p_if_match
  ))
$$;
create function tests.agent() returns public.agents language sql as $$
  select * from public.agents where org_id = tests.id('clinic') and role = 'inbound'
$$;

select tests.act_as('service role');
select is(tests.roll_back(1), '{"code": "revision_not_found"}', 'without an agent there is nothing to go back to');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
update public.organization_settings set transfer_number = '+250788000001', business_hours = '{"monday": []}';
select public.apply_agent_template(jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'r1', 'role', 'inbound', 'template_key', 'receptionist', 'language', 'en'
));
select is(tests.roll_back(9), '{"code": "revision_not_found"}', 'nor to what never was');
select is(tests.roll_back(1, 1), '{"code": "revision_mismatch", "role": "inbound", "revision": 2}', 'not over somebody else''s change');

select tests.remember('before', to_jsonb((select snapshot from public.agent_revisions where revision = 1 and agent_id = (tests.agent()).id)));
select tests.remember('template', to_jsonb((select snapshot from public.agent_revisions where revision = 2 and agent_id = (tests.agent()).id)));
select is(
  tests.roll_back(1, 2) #> '{agents,0,changed}',
  '["first_message", "max_call_duration", "model", "name", "system_prompt", "template_id", "voice"]', 'it tells what changes'
);
select is((tests.agent()).revision, 3, 'history goes on');
select is(private.agent_snapshot(tests.agent()), tests.recall('before'), 'with the content of the old revision');
select is((select reason from public.agent_revisions where revision = 3), 'Rollback to revision 1', 'and says so');
select results_eq(
  $$ select action, details ->> 'revision' from public.audit_log where action = 'agent_rolled_back' $$,
  $$ values ('agent_rolled_back', '3') $$, 'so does the audit log'
);
select is((tests.agent()).sync_status, 'queued', 'it is pushed like any change');

select is(tests.roll_back(1) #> '{agents,0,changed}', '[]', 'going where one is already changes nothing');
select tests.roll_back(2);
select is(private.agent_snapshot(tests.agent()), tests.recall('template'), 'and back again, its template and model included');

select * from finish();
rollback;

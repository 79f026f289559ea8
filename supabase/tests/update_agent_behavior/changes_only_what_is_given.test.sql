begin;
\ir ../people.psql
select no_plan();

create function tests.update_behavior(p_changes jsonb, p_if_match jsonb default null, p_reason text default null) returns jsonb
language sql as $$
  select public.update_agent_behavior(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('admin'), 'request_id', 'r1',
    'if_match', p_if_match, 'reason', p_reason, 'changes', p_changes
  ))
$$;
create function tests.agent(p_role text default 'inbound') returns public.agents language sql as $$
  select * from public.agents where org_id = tests.id('clinic') and role = p_role
$$;

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{}');
update public.background_jobs set state = 'completed', completed_at = now();

select tests.remember('answer', tests.update_behavior(
  '{"inbound": {"set": {"first_message": "Welcome!", "voice_stability": 0.4, "max_call_duration": 300}}}', null, 'friendlier'
));
select is(tests.recall('answer'), jsonb_build_object(
  'code', 'updated', 'vapi_connected', true,
  'agents', jsonb_build_array(jsonb_build_object(
    'role', 'inbound', 'id', (tests.agent()).id, 'revision', 2,
    'changed', '["first_message", "max_call_duration", "voice_stability"]'::jsonb, 'created', false
  ))
), 'it tells what changed');
select results_eq(
  $$ select (a).first_message, (a).voice_stability, (a).max_call_duration, (a).name, (a).sync_status from tests.agent() as a $$,
  $$ values ('Welcome!', 0.400, 300, 'Inbound receptionist', 'queued') $$,
  'what was given is set, what wasn''t stays, and a sync is wanted'
);
select results_eq(
  $$ select changed_columns, actor, reason from public.agent_revisions where agent_id = (tests.agent()).id and revision = 2 $$,
  $$ values (array['first_message', 'max_call_duration', 'voice_stability'], tests.id('admin')::text, 'friendlier') $$,
  'in one revision of the person who did it'
);
select results_eq(
  $$ select action, subject, actor, details ->> 'revision', details ->> 'reason' from public.audit_log where action = 'agent_updated' $$,
  $$ values ('agent_updated', 'inbound', tests.id('admin')::text, '2', 'friendlier') $$, 'which the audit log tells'
);
select is((select count(*) from public.operation_events where operation = 'agent_behavior'), 1::bigint, 'and an event');
select results_eq(
  $$ select dedupe_key, available_at > clock_timestamp() + interval '50 seconds' from public.background_jobs where state = 'queued' $$,
  $$ values ('inbound', true) $$, 'should the saver die, the worker goes on a minute later'
);
select is((select revision from public.agents where role = 'outbound' and org_id = tests.id('clinic')), 1, 'the other agent is as it was');

update public.background_jobs set state = 'completed', completed_at = now();
select is(
  tests.update_behavior('{"inbound": {"set": {"first_message": "Welcome!", "voice_stability": 0.4001}}}') #> '{agents,0,changed}',
  '[]', 'saying the same again changes nothing'
);
select is((tests.agent()).revision, 2, 'makes no revision');
select is_empty($$ select 1 from public.background_jobs where state = 'queued' $$, 'queues nothing');
select is((select count(*) from public.audit_log where action = 'agent_updated'), 1::bigint, 'and isn''t worth an audit row');

select is(
  tests.update_behavior('{"inbound": {"set": {"name": "Nora"}, "reset": ["first_message", "voice_stability"]}, "outbound": {"set": {"vapi_phone_number_id": "pn-1"}}}')
    #> '{agents}' #- '{0,id}' #- '{1,id}',
  '[{"role": "inbound", "revision": 3, "changed": ["first_message", "name", "voice_stability"], "created": false},
    {"role": "outbound", "revision": 2, "changed": ["vapi_phone_number_id"], "created": false}]',
  'both agents at once, one revision each'
);
select results_eq(
  $$ select (a).name, (a).first_message, (a).voice_stability, (a).max_call_duration from tests.agent() as a $$,
  $$ values ('Nora', 'Hello, thank you for calling. How can I help you today?', null::numeric, 300) $$,
  'what is reset goes back to the default'
);

select throws_ok(
  $$ select tests.update_behavior('{"inbound": {"set": {"state": "active"}}}') $$, '22023',
  'Cannot update "inbound.state": an agent has no such thing to change', 'other columns are none of its business'
);
select throws_ok($$ select tests.update_behavior('{"inbound": {"reset": ["template_id"]}}') $$, '22023', null, 'in a reset as well');
select throws_ok($$ select tests.update_behavior('{"inbound": {"set": {"vapi_phone_number_id": "pn-1"}}}') $$, '22023', null, 'the inbound agent has no number of its own');
select throws_ok($$ select tests.update_behavior('{"sideways": {"set": {"name": "A"}}}') $$, '22023', null, 'nor are there other roles');
select throws_ok($$ select tests.update_behavior('{"inbound": {"set": {"max_call_duration": 59}}}') $$, '23514', null, 'limits hold');

update public.integrations set connected = false, fingerprint = null where org_id = tests.id('clinic');
select is(
  tests.update_behavior('{"inbound": {"set": {"name": "Ann"}}}') -> 'vapi_connected', 'false', 'without an account it says so'
);
select is((tests.agent()).name, 'Ann', 'and keeps what is wanted');

select * from finish();
rollback;

begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.remember('answer', public.update_agent_behavior(jsonb_build_object(
  'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r1', 'if_match', null, 'reason', null,
  'changes', '{"outbound": {"set": {"name": "Caller", "language": "fr"}, "reset": ["voice"]}}'::jsonb
)));
select is(
  tests.recall('answer') #- '{agents,0,id}' #- '{agents,0,changed}',
  '{"code": "updated", "vapi_connected": false, "agents": [{"role": "outbound", "revision": 1, "created": true}]}',
  'an agent that isn''t there is made'
);
select is(
  tests.recall('answer') #> '{agents,0,changed}',
  '["first_message", "language", "max_call_duration", "name", "system_prompt", "vapi_phone_number_id", "voice", "voice_provider", "voice_similarity_boost", "voice_stability"]',
  'all of it is new'
);
select results_eq(
  'select role, name, language, voice, max_call_duration, state, sync_status from public.agents',
  $$ values ('outbound', 'Caller', 'fr', 'Elliot', 600, 'draft', 'queued') $$, 'with the defaults for the rest, and no other'
);
select is((select count(*) from public.agent_revisions), 1::bigint, 'in one revision');

select tests.save_workspace('clinic', '[]');
select results_eq(
  'select role, name from public.agents order by role', $$ values ('inbound', 'Inbound receptionist'), ('outbound', 'Caller') $$,
  'a save adds the other and leaves this one'
);

select * from finish();
rollback;

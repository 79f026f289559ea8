begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select set_config('app.actor', tests.id('owner')::text, true);
insert into public.agents (org_id, role, name, system_prompt, first_message, voice, voice_provider)
values (tests.id('clinic'), 'inbound', 'A', 'p', 'f', 'Elliot', 'vapi');
update public.agents set sync_status = 'synced', last_synced_at = now();

select set_config('app.actor', tests.id('admin')::text, true);
select set_config('app.reason', 'friendlier', true);
update public.agents set name = 'B', first_message = 'g', revision = 40;

select results_eq(
  $$ select revision, changed_columns, actor, reason, snapshot ->> 'name' from public.agent_revisions order by revision $$,
  $$ values
    (1, array['first_message','language','max_call_duration','name','system_prompt','vapi_phone_number_id','voice','voice_provider','voice_similarity_boost','voice_stability'],
      tests.id('owner')::text, null, 'A'),
    (2, array['first_message', 'name'], tests.id('admin')::text, 'friendlier', 'B') $$,
  'a revision tells what changed, who did it and why'
);
select results_eq(
  'select revision, sync_status from public.agents', $$ values (2, 'queued') $$,
  'the agent counts on by one, whatever the writer says, and waits for a sync'
);

update public.agents set name = 'B', vapi_assistant_id = 'asst', consecutive_failures = 3, applied_hash = 'x', state = 'active';
select is((select count(*) from public.agent_revisions), 2::bigint, 'what isn''t desired content makes no revision');

select throws_ok('delete from public.agent_revisions', '42501', null, 'not even the service role erases one');
select throws_ok(
  $$ insert into public.agent_revisions (org_id, agent_id, revision, snapshot, changed_columns, actor)
     select org_id, id, 9, '{}', '{}', 'me' from public.agents $$,
  '42501', null, 'or adds one'
);

select tests.act_as('member');
select is((select count(*) from public.agent_revisions), 2::bigint, 'a member reads them');
select tests.act_as('viewer');
select is_empty('select * from public.agent_revisions', 'a viewer doesn''t');
select tests.act_as('market owner');
select is_empty('select * from public.agent_revisions', 'nor does another organization''s owner');

select * from finish();
rollback;

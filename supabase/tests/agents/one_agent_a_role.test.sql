begin;
\ir ../people.psql
select no_plan();

select col_is_unique('public', 'agents', array['org_id', 'role'], 'organization and role are unique together');
select is(
  (select conname::text from pg_constraint where conrelid = 'public.agents'::regclass and contype = 'u' and conkey = (
    select array_agg(attnum order by attname) from pg_attribute
    where attrelid = 'public.agents'::regclass and attname in ('org_id', 'role')
  )),
  'agents_org_id_role_unique', 'under the name that error messages show'
);
select hasnt_index('public', 'agents', 'idx_agents_org_role', 'the plain index that it replaces is gone');

insert into public.agents (org_id, role, name, system_prompt, first_message, voice, voice_provider)
values (tests.id('clinic'), 'inbound', 'A', 'p', 'f', 'Elliot', 'vapi');
select throws_like(
  $$ insert into public.agents (org_id, role, name, system_prompt, first_message, voice, voice_provider)
     values (tests.id('clinic'), 'inbound', 'B', 'p', 'f', 'Elliot', 'vapi') $$,
  '%agents_org_id_role_unique%', 'a second agent of a role is refused'
);
select throws_like(
  $$ update public.agents set name = repeat('x', 41) $$, '%agents_name_is_1_to_40_characters%', 'a name fits at Vapi'
);
select throws_like(
  $$ update public.agents set max_call_duration = 59 $$, '%agents_max_call_duration_is_60_to_43200_seconds%', 'a call lasts at least a minute'
);
select throws_like(
  $$ update public.agents set sync_status = 'failed' $$, '%agents_sync_status_has_its_timestamp%', 'a state has its time'
);

select tests.act_as('member');
select results_eq('select name from public.agents', array['A'], 'a member reads the agents');
select tests.act_as('viewer');
select is_empty('select name from public.agents', 'a viewer doesn''t read what they say');
select tests.act_as('market owner');
select is_empty('select name from public.agents', 'another owner reads nothing');
select tests.act_as('admin');
select throws_ok($$ update public.agents set name = 'Mine' $$, '42501', null, 'an admin writes through functions only');

select * from finish();
rollback;

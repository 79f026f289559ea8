begin;
\ir ../people.psql
select no_plan();

create function tests.history(p_limit integer, p_before integer default null) returns jsonb language sql as $$
  select public.read_agent_history(jsonb_build_object(
    'org_id', tests.id('clinic'), 'role', 'inbound', 'limit', p_limit, 'before_revision', p_before
  ))
$$;
create function tests.change(p_person text, p_set jsonb, p_reason text default null) returns jsonb language sql as $$
  select public.update_agent_behavior(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id(p_person), 'request_id', 'r', 'reason', p_reason,
    'changes', jsonb_build_object('inbound', jsonb_build_object('set', p_set))
  ))
$$;

create function tests.email(p_person text) returns text language sql security definer as $$
  select email from auth.users where id = tests.id(p_person)
$$;

select tests.act_as('service role');
select is(tests.history(10), '{"code": "not_found"}', 'nobody, no history');
select tests.save_workspace('clinic', '[]');
select tests.change('admin', '{"name": "Nora", "voice_stability": 0.5}', 'friendlier');
select tests.change('outsider', '{"name": "Ann"}');

select is(
  tests.history(2) #- '{revisions,0,created_at}' #- '{revisions,1,created_at}',
  jsonb_build_object('code', 'read', 'next_before', 2, 'revisions', jsonb_build_array(
    jsonb_build_object(
      'revision', 3, 'actor', tests.id('outsider'), 'actor_email', tests.email('outsider'), 'reason', null,
      'changed', '["name"]'::jsonb, 'before', '{"name": "Nora"}'::jsonb, 'after', '{"name": "Ann"}'::jsonb
    ),
    jsonb_build_object(
      'revision', 2, 'actor', tests.id('admin'), 'actor_email', tests.email('admin'), 'reason', 'friendlier',
      'changed', '["name", "voice_stability"]'::jsonb,
      'before', '{"name": "Inbound receptionist", "voice_stability": null}'::jsonb,
      'after', '{"name": "Nora", "voice_stability": 0.500}'::jsonb
    )
  )), 'newest first: who, why, what it was and what it became'
);
select tests.remember('first', tests.history(2, 2));
select is(tests.recall('first') -> 'next_before', 'null', 'the last page says so');
select is(tests.recall('first') #> '{revisions,0,before}', '{}', 'before the first there was nothing');
select is(tests.recall('first') #>> '{revisions,0,after,name}', 'Inbound receptionist', 'after it everything');
select is(jsonb_array_length(tests.history(1000) -> 'revisions'), 3, 'a page may hold all');
select is(tests.history(10, 1), '{"code": "read", "revisions": [], "next_before": null}', 'or nothing');

update public.agents set name = 'System' where role = 'inbound' and org_id = tests.id('clinic');
select tests.act_as('operator');
update public.agents set name = 'By hand' where role = 'inbound' and org_id = tests.id('clinic');
select is(tests.history(1) #> '{revisions,0,actor_email}', 'null', 'what isn''t a person has no address');

select * from finish();
rollback;

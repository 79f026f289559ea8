begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.remember('created', public.create_organization(jsonb_build_object(
  'name', 'Bakery', 'owner_user_id', tests.id('outsider'), 'parent_id', tests.id('market'), 'id', null
)));
select is(tests.recall('created') ->> 'code', 'created', 'it is created');
select results_eq(
  $$ select o.name, o.parent_id, m.user_id, m.role, s.language
     from public.organizations as o
     join public.organization_members as m on m.org_id = o.id
     join public.organization_settings as s on s.org_id = o.id
     where o.id = (tests.recall('created') ->> 'org_id')::uuid $$,
  $$ values ('Bakery', tests.id('market'), tests.id('outsider'), 'owner', 'en') $$, 'with an owner, a parent and settings'
);
select is((select count(*) from public.audit_log where action = 'organization_created'), 1::bigint, 'on record');

select is(
  public.create_organization('{"name": "Ghost", "owner_user_id": "00000000-0000-4000-8000-000000000000"}'),
  '{"code": "user_not_found"}', 'not for nobody'
);
select is_empty($$ select 1 from public.organizations where name = 'Ghost' $$, 'then nothing is left of it');
select is(
  public.create_organization(jsonb_build_object(
    'name', 'Orphan', 'owner_user_id', tests.id('outsider'), 'parent_id', '00000000-0000-4000-8000-000000000000'
  )),
  '{"code": "parent_not_found"}', 'not under nothing'
);

create function tests.create_shop(p_owner text) returns jsonb language sql as $$
  select public.create_organization(jsonb_build_object(
    'name', 'Shop', 'owner_user_id', tests.id(p_owner), 'id', 'd1000000-0000-4000-8000-000000000000'
  ))
$$;
select is(tests.create_shop('outsider'), '{"code": "created", "org_id": "d1000000-0000-4000-8000-000000000000"}', 'with an id of one''s choice');
select is(tests.create_shop('outsider'), '{"code": "created", "org_id": "d1000000-0000-4000-8000-000000000000"}', 'it may be repeated');
select is((select count(*) from public.audit_log where action = 'organization_created'), 2::bigint, 'and happens once');
select is(tests.create_shop('owner') ->> 'code', 'id_taken', 'another owner doesn''t get in that way');

select tests.act_as('outsider');
select set_eq('select name from public.organizations', array['Bakery', 'Shop'], 'the owner sees both');
select tests.act_as('market owner');
select set_eq('select name from public.organizations', array['Market', 'Bakery'], 'the parent''s owner the child');

select * from finish();
rollback;

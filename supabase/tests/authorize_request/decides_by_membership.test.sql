begin;
\ir ../people.psql
select no_plan();

create function tests.authorize(p_person text, p_organization text, p_minimum_role text) returns jsonb language sql as $$
  select public.authorize_request(jsonb_build_object(
    'user_id', tests.id(p_person), 'org_id', tests.id(p_organization), 'operation', 'workspace_save',
    'minimum_role', p_minimum_role, 'request_id', 'r1', 'rate_limit', null, 'idempotency', null
  ))
$$;
create function tests.authorized(p_organization text, p_role text) returns jsonb language sql as $$
  select jsonb_build_object('code', 'authorized', 'org_id', tests.id(p_organization), 'role', p_role)
$$;

select tests.act_as('service role');
select is(tests.authorize('owner', 'clinic', 'owner'), tests.authorized('clinic', 'owner'), 'an owner acts');
select is(tests.authorize('admin', 'clinic', 'admin'), tests.authorized('clinic', 'admin'), 'an admin acts as admin');
select is(tests.authorize('viewer', 'clinic', 'viewer'), tests.authorized('clinic', 'viewer'), 'a viewer views');
select is(
  tests.authorize('member', 'clinic', 'admin'),
  jsonb_build_object('code', 'forbidden', 'reason', 'role_too_low', 'org_id', tests.id('clinic'), 'role', 'member'),
  'a member isn''t an admin'
);
select is(tests.authorize('admin', 'clinic', 'owner') ->> 'reason', 'role_too_low', 'an admin isn''t an owner');
select is(tests.authorize('viewer', 'clinic', 'member') ->> 'reason', 'role_too_low', 'a viewer isn''t a member');

select is(tests.authorize('admin', null, 'viewer'), tests.authorized('clinic', 'admin'), 'the only membership needs no choosing');
select is(
  tests.authorize('outsider', null, 'viewer'), '{"code": "forbidden", "reason": "not_member"}', 'without any there is nothing to act in'
);

select is(tests.authorize('owner', 'branch', 'owner'), tests.authorized('branch', 'owner'), 'an owner acts in a child organization');
select is(tests.authorize('owner', 'desk', 'owner'), tests.authorized('desk', 'owner'), 'and in a grandchild');
select is(tests.authorize('admin', 'branch', 'viewer') ->> 'code', 'forbidden', 'an admin doesn''t');
select is(tests.authorize('owner', null, 'viewer'), tests.authorized('clinic', 'owner'), 'children aren''t memberships to choose from');

select tests.act_as('operator');
insert into public.organization_members (org_id, user_id, role) values (tests.id('desk'), tests.id('owner'), 'viewer');
insert into public.organization_members (org_id, user_id, role) values (tests.id('desk'), tests.id('market owner'), 'owner');
select tests.act_as('service role');
select is(
  tests.authorize('market owner', null, 'viewer'),
  jsonb_build_object('code', 'organization_required', 'organizations', jsonb_build_array(
    jsonb_build_object('org_id', tests.id('desk'), 'name', 'Clinic branch desk', 'role', 'owner'),
    jsonb_build_object('org_id', tests.id('market'), 'name', 'Market', 'role', 'owner')
  )),
  'with several the caller chooses'
);
select is(tests.authorize('owner', 'desk', 'owner') ->> 'role', 'owner', 'owning the parent outweighs a lower role in the child');
select is(
  tests.authorize('market owner', 'clinic', 'viewer') ->> 'reason', 'not_member', 'owning a child says nothing about its parent'
);
select throws_ok($$ select tests.authorize('owner', 'clinic', 'emperor') $$, '22023', null, 'an unknown minimum role is a mistake, not a pass');

select tests.act_as('owner');
select throws_ok($$ select tests.authorize('owner', 'clinic', 'viewer') $$, '42501', null, 'nobody authorizes themselves');

select * from finish();
rollback;

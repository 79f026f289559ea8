begin;
\ir ../people.psql
select no_plan();

select tests.act_as('viewer');
select is(
  (select count(*) from public.organization_members), 4::bigint, 'a viewer sees the four members, and nobody of another organization'
);

select tests.act_as('market owner');
select results_eq(
  'select user_id from public.organization_members', array[tests.id('market owner')], 'another owner sees the own only'
);

select tests.act_as('outsider');
select is_empty('select * from public.organization_members', 'an outsider sees nobody');
select throws_ok(
  $$ insert into public.organization_members (org_id, user_id, role) values (tests.id('clinic'), tests.id('outsider'), 'owner') $$,
  '42501', null, 'and can''t let themselves in'
);

select tests.act_as('anon');
select throws_ok('select * from public.organization_members', '42501', null, 'anon may not ask');

select tests.act_as('viewer');
select throws_ok(
  $$ update public.organization_members set role = 'owner' where user_id = tests.id('viewer') $$,
  '42501', null, 'a viewer can''t become owner'
);

select tests.act_as('operator');
select throws_ok(
  $$ update public.organization_members set role = 'emperor' where user_id = tests.id('viewer') $$,
  '23514', null, 'there are four roles'
);

select * from finish();
rollback;

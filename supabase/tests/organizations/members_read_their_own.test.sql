begin;
\ir ../people.psql
select no_plan();

select tests.act_as('owner');
select set_eq(
  'select name from public.organizations',
  array['Clinic', 'Clinic branch', 'Clinic branch desk'],
  'an owner reads the organization and everything that descends from it'
);

select tests.act_as('admin');
select set_eq('select name from public.organizations', array['Clinic'], 'an admin reads no descendants');

select tests.act_as('viewer');
select set_eq('select name from public.organizations', array['Clinic'], 'a viewer reads the organization');

select tests.act_as('market owner');
select set_eq('select name from public.organizations', array['Market'], 'another owner reads another organization');

select tests.act_as('outsider');
select is_empty('select name from public.organizations', 'an outsider reads none');

select tests.act_as('anon');
select throws_ok('select name from public.organizations', '42501', null, 'anon may not even ask');

select tests.act_as('owner');
select throws_ok(
  $$ update public.organizations set name = 'Mine' $$, '42501', null, 'not even an owner writes without a function'
);
select throws_ok(
  $$ insert into public.organizations (name) values ('Mine') $$, '42501', null, 'nobody signed in makes an organization'
);

select * from finish();
rollback;

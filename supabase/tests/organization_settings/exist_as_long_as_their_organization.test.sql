begin;
\ir ../people.psql
select no_plan();

select is(
  (select count(*) from public.organizations as o join public.organization_settings as s on s.org_id = o.id
   where o.id in (tests.id('clinic'), tests.id('branch'), tests.id('desk'), tests.id('market'))),
  4::bigint, 'an organization is made with its settings'
);

update public.organization_settings set language = 'fr' where org_id = tests.id('clinic');
select is(
  (select revision from public.organization_settings where org_id = tests.id('clinic')), 2, 'a change is a new revision'
);
update public.organization_settings set language = 'fr' where org_id = tests.id('clinic');
select is(
  (select revision from public.organization_settings where org_id = tests.id('clinic')), 2, 'writing the same again is none'
);
select throws_ok(
  $$ update public.organization_settings set transfer_number = '0788' where org_id = tests.id('clinic') $$,
  '23514', null, 'a transfer number is E.164'
);
select throws_ok(
  $$ update public.organization_settings set drift_policy = 'shrug' where org_id = tests.id('clinic') $$,
  '23514', null, 'drift is repaired or reported'
);

select tests.act_as('member');
select results_eq('select org_id from public.organization_settings', array[tests.id('clinic')], 'a member reads the own');
select tests.act_as('viewer');
select is_empty('select * from public.organization_settings', 'a viewer reads none');
select tests.act_as('outsider');
select is_empty('select * from public.organization_settings', 'an outsider reads none');
select tests.act_as('owner');
select throws_ok(
  $$ update public.organization_settings set daily_token_budget = 1000000000 $$, '42501', null, 'an owner writes through functions only'
);

select * from finish();
rollback;

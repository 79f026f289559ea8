begin;
\ir ../people.psql
select no_plan();

insert into public.operation_events (org_id, operation, outcome, actor) values
  (tests.id('clinic'), 'clinic', 'succeeded', 'system'),
  (tests.id('desk'), 'desk', 'succeeded', 'system'),
  (tests.id('market'), 'market', 'succeeded', 'system'),
  (null, 'nowhere', 'refused', 'system');

select tests.act_as('viewer');
select results_eq('select operation from public.operation_events', array['clinic'], 'a viewer reads the own organization''s');
select tests.act_as('owner');
select set_eq('select operation from public.operation_events', array['clinic', 'desk'], 'an owner those of descendants too');
select tests.act_as('outsider');
select is_empty('select operation from public.operation_events', 'an outsider none, not even those of nobody');
select tests.act_as('anon');
select throws_ok('select operation from public.operation_events', '42501', null, 'anon may not ask');

select * from finish();
rollback;

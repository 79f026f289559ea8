begin;
\ir ../people.psql
select no_plan();

select throws_ok(
  $$ update public.organizations set parent_id = id where id = tests.id('clinic') $$,
  '23514', null, 'an organization is not its own parent'
);
select throws_like(
  $$ update public.organizations set parent_id = tests.id('desk') where id = tests.id('clinic') $$,
  '%its new parent is one of its own descendants%', 'nor the child of its grandchild'
);
select lives_ok(
  $$ update public.organizations set parent_id = tests.id('market') where id = tests.id('branch') $$,
  'but it may move to another parent'
);
select throws_ok(
  $$ delete from public.organizations where id = tests.id('branch') $$,
  '23503', null, 'an organization with children can''t be deleted'
);

select * from finish();
rollback;

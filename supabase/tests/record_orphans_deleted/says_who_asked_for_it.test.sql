begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select is(
  public.record_orphans_deleted(jsonb_build_object(
    'org_id', tests.id('clinic'), 'user_id', tests.id('owner'), 'request_id', 'r1',
    'assistant_ids', jsonb_build_array('a1', 'a2')
  )),
  '{"code": "recorded"}', 'it answers its code alone'
);
select tests.act_as('operator');
select results_eq(
  $$
    select subject, actor, request_id from public.audit_log
    where org_id = tests.id('clinic') and action = 'assistant_deleted' order by subject
  $$,
  $$ values ('a1', tests.id('owner')::text, 'r1'), ('a2', tests.id('owner')::text, 'r1') $$,
  'each of them has a row'
);

select * from finish();
rollback;

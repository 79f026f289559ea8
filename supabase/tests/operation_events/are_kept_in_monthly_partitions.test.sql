begin;
\ir ../people.psql
select no_plan();

select is(
  (select relkind from pg_class where oid = 'public.operation_events'::regclass), 'p'::"char", 'the table is partitioned'
);
select is(
  (select count(*) from pg_inherits where inhparent = 'public.operation_events'::regclass), 5::bigint,
  'there are this month''s, the next three and a default one'
);

insert into public.operation_events (operation, outcome, actor, created_at) values
  ('a', 'succeeded', 'system', now()),
  ('b', 'succeeded', 'system', (date_trunc('month', now() at time zone 'UTC') + interval '4 months 3 days') at time zone 'UTC');
select results_eq(
  $$ select tableoid::regclass::text from public.operation_events order by operation $$,
  array[
    'partitions.operation_events_' || to_char(now() at time zone 'UTC', 'YYYY_MM'),
    'partitions.operation_events_default'
  ],
  'an event is in its month''s, and never refused for want of one'
);

select tests.act_as('service role');
select cmp_ok(private.make_partitions_ahead(5), '>=', 2, 'partitions are made ahead by the service role');
select is(private.make_partitions_ahead(5), 0, 'once');

select tests.act_as('operator');
select is(
  (select count(*) from pg_inherits where inhparent = 'public.operation_events'::regclass), 7::bigint,
  'there are two more'
);
select is_empty('select 1 from partitions.operation_events_default', 'what waited in the default one has moved to its month''s');
select is((select count(*) from public.operation_events where operation = 'b'), 1::bigint, 'and none is lost');
select is(
  (select bool_and(child.relrowsecurity) from pg_inherits join pg_class as child on child.oid = inhrelid
   where inhparent = 'public.operation_events'::regclass),
  true, 'row level security is on in each'
);

select tests.act_as('service role');
select throws_ok('select 1 from partitions.operation_events_default', '42501', null, 'nobody reaches a partition directly');
select throws_ok('delete from public.operation_events', '42501', null, 'nor does the service role erase an event');

select * from finish();
rollback;

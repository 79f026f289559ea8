begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
insert into public.idempotency_keys (org_id, operation, key, request_hash, claim_expires_at, expires_at) values
  (tests.id('clinic'), 'save', 'old', 'h', now(), now() - interval '1 second'),
  (tests.id('clinic'), 'save', 'older', 'h', now(), now() - interval '1 day'),
  (tests.id('clinic'), 'save', 'new', 'h', now(), now() + interval '1 day');
insert into public.rate_limits (org_id, operation, tokens, capacity, refill_per_second, refilled_at) values
  (tests.id('clinic'), 'full again', 1, 10, 1, now() - interval '10 seconds'),
  (tests.id('clinic'), 'filling', 1, 10, 1, now() - interval '5 seconds'),
  (tests.id('clinic'), 'never fills', 1, 10, 0, now() - interval '5 years');
insert into public.leases (org_id, resource, fencing_token, holder, lease_seconds, claimed_at, expires_at, released_at) values
  (tests.id('clinic'), 'released_long_ago', 1, 'r', 60, now(), now(), now() - interval '2 days'),
  (tests.id('clinic'), 'released_just_now', 2, 'r', 60, now(), now(), now()),
  (tests.id('clinic'), 'ran_out', 3, 'r', 60, now(), now() - interval '5 days', null);
insert into public.background_jobs (kind, state, completed_at, dead_lettered_at) values
  ('expire_rows', 'completed', now() - interval '8 days', null),
  ('expire_rows', 'completed', now() - interval '6 days', null),
  ('expire_rows', 'dead_lettered', null, now() - interval '80 days');

select is(
  public.expire_rows('{"limit": 1}') - 'partitions_made',
  '{"code": "expired", "idempotency_keys": 1, "rate_limits": 1, "leases": 1, "background_jobs": 1}', 'at most the limit of each'
);
select is(
  public.expire_rows('{"limit": 100}') - 'partitions_made',
  '{"code": "expired", "idempotency_keys": 1, "rate_limits": 0, "leases": 0, "background_jobs": 0}', 'then the rest'
);
select results_eq('select key from public.idempotency_keys', array['new'], 'a key lives until it expires');
select set_eq('select operation from public.rate_limits', array['filling', 'never fills'], 'a bucket until it is full');
select set_eq(
  'select resource from public.leases', array['released_just_now', 'ran_out'],
  'a lease until a day after it was given back; one that ran out tells of an interruption'
);
select set_eq('select state from public.background_jobs', array['completed', 'dead_lettered'], 'a job given up until somebody looks');
select is(public.expire_rows('{"limit": 100}') -> 'partitions_made', '0', 'partitions are made ahead already');

select tests.act_as('operator');
do $$ begin execute format('drop table partitions.operation_events_%s', to_char((now() at time zone 'UTC') + interval '3 months', 'YYYY_MM')); end $$;
select tests.act_as('service role');
select is(public.expire_rows('{"limit": 100}') -> 'partitions_made', '1', 'and when they aren''t, they are now');

select * from finish();
rollback;

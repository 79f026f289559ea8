begin;
\ir ../people.psql
select no_plan();

create function tests.authorize(p_operation text, p_organization text default 'clinic') returns jsonb language sql as $$
  select public.authorize_request(jsonb_build_object(
    'user_id', case p_organization when 'clinic' then tests.id('owner') else tests.id('market owner') end,
    'org_id', tests.id(p_organization), 'operation', p_operation,
    'minimum_role', 'viewer', 'request_id', 'r1',
    'rate_limit', '{"capacity": 3, "refill_per_second": 0.01}'::jsonb, 'idempotency', null
  ))
$$;

select tests.act_as('service role');
select is(
  array(select tests.authorize('save') ->> 'code' from generate_series(1, 4)),
  array['authorized', 'authorized', 'authorized', 'rate_limited'], 'a bucket of three lets three pass'
);
select cmp_ok((tests.authorize('save') ->> 'retry_after_seconds')::integer, '<=', 100, 'the next token is at most a hundred seconds away');
select cmp_ok((tests.authorize('save') ->> 'retry_after_seconds')::integer, '>', 90, 'and at least ninety');
select is(tests.authorize('sync') ->> 'code', 'authorized', 'another operation has a bucket of its own');
select is(tests.authorize('save', 'market') ->> 'code', 'authorized', 'so has another organization');

update public.rate_limits set refilled_at = refilled_at - interval '100 seconds' where operation = 'save';
select is(
  array(select tests.authorize('save') ->> 'code' from generate_series(1, 2)),
  array['authorized', 'rate_limited'], 'a hundred seconds later there is one token'
);
update public.rate_limits set refilled_at = refilled_at - interval '1 day' where operation = 'save';
select is(
  array(select tests.authorize('save') ->> 'code' from generate_series(1, 4)),
  array['authorized', 'authorized', 'authorized', 'rate_limited'], 'a day later it is full, not fuller'
);
update public.rate_limits set refilled_at = clock_timestamp() + interval '1 hour' where operation = 'save';
select is(tests.authorize('save') ->> 'code', 'rate_limited', 'a clock that went back gives nothing away');
select is(
  public.authorize_request(jsonb_build_object(
    'user_id', tests.id('owner'), 'org_id', tests.id('clinic'), 'operation', 'never', 'minimum_role', 'viewer',
    'request_id', 'r1', 'rate_limit', '{"capacity": 1, "refill_per_second": 0}'::jsonb
  )) ->> 'code', 'authorized', 'a bucket that never refills is full once'
);
select is(
  public.authorize_request(jsonb_build_object(
    'user_id', tests.id('owner'), 'org_id', tests.id('clinic'), 'operation', 'never', 'minimum_role', 'viewer',
    'request_id', 'r1', 'rate_limit', '{"capacity": 1, "refill_per_second": 0}'::jsonb
  )), '{"code": "rate_limited", "retry_after_seconds": 3600}', 'and then says an hour'
);

select * from finish();
rollback;

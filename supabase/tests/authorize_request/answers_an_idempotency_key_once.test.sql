begin;
\ir ../people.psql
select no_plan();

create function tests.authorize(p_key text, p_hash text, p_organization text default 'clinic') returns jsonb
language sql as $$
  select public.authorize_request(jsonb_build_object(
    'user_id', case p_organization when 'clinic' then tests.id('owner') else tests.id('market owner') end,
    'org_id', tests.id(p_organization), 'operation', 'save', 'minimum_role', 'viewer', 'request_id', 'r1',
    'rate_limit', '{"capacity": 4, "refill_per_second": 0}'::jsonb,
    'idempotency', jsonb_build_object('key', p_key, 'request_hash', p_hash, 'ttl_seconds', 3600)
  ))
$$;
create function tests.complete(p_key text, p_status integer, p_body jsonb) returns jsonb language sql as $$
  select public.complete_request(jsonb_build_object(
    'org_id', tests.id('clinic'), 'operation', 'save', 'idempotency_key', p_key, 'request_hash', 'h1',
    'response_status', p_status, 'response_body', p_body
  ))
$$;

select tests.act_as('service role');
select is(tests.authorize('k1', 'h1') ->> 'code', 'authorized', 'the first request with a key goes on');
select is(
  tests.authorize('k1', 'h1'),
  jsonb_build_object('code', 'in_progress', 'retry_after_seconds', 2, 'org_id', tests.id('clinic'), 'role', 'owner'),
  'the same again, while it runs, has to wait'
);
select is(tests.authorize('k1', 'h2') ->> 'code', 'idempotency_key_reused', 'another request with the key is refused');
select is(tests.authorize('k1', 'h1', 'market') ->> 'code', 'authorized', 'another organization''s key is another key');

select is(tests.complete('k1', 200, '{"success": true}'), '{"code": "completed"}', 'the answer is kept');
select is(
  tests.authorize('k1', 'h1'),
  jsonb_build_object(
    'code', 'replayed', 'org_id', tests.id('clinic'), 'role', 'owner',
    'response_status', 200, 'response_body', '{"success": true}'::jsonb
  ),
  'and given again'
);
select is(tests.complete('k1', 500, '{}'), '{"code": "completed"}', 'completing again');
select is(tests.authorize('k1', 'h1') -> 'response_status', '200', 'changes nothing');
select is(tests.complete('k1', null, null), '{"code": "released"}', 'nor does releasing what is completed');
select is(tests.authorize('k1', 'h1') ->> 'code', 'replayed', 'it is still replayed');
select is(tests.authorize('k1', 'h2') ->> 'code', 'idempotency_key_reused', 'and still refused to another request');
select is(
  (select tokens from public.rate_limits where org_id = tests.id('clinic')), 3::double precision, 'all that cost one token'
);

select is(tests.authorize('k2', 'h1') ->> 'code', 'authorized', 'another key goes on');
select is(tests.complete('k2', null, null), '{"code": "released"}', 'a request that failed lets go of it');
select is(tests.authorize('k2', 'h1') ->> 'code', 'authorized', 'so that it may be tried again');

update public.idempotency_keys set claim_expires_at = now() - interval '1 second' where key = 'k2';
select is(tests.authorize('k2', 'h2') ->> 'code', 'idempotency_key_reused', 'a claim whose holder died isn''t another request''s');
select is(tests.authorize('k2', 'h1') ->> 'code', 'authorized', 'it is the same request''s');

select is(tests.authorize('k3', 'h1') ->> 'code', 'rate_limited', 'a request may be turned away');
select is_empty($$ select 1 from public.idempotency_keys where key = 'k3' $$, 'without claiming its key');

update public.idempotency_keys set expires_at = now() - interval '1 second' where key = 'k1' and org_id = tests.id('clinic');
delete from public.rate_limits;
select is(tests.authorize('k1', 'h2') ->> 'code', 'authorized', 'an expired key is as good as new');
select is(
  (select state from public.idempotency_keys where key = 'k1' and org_id = tests.id('clinic')), 'claimed', 'and forgets its answer'
);
select is(
  private.claim_idempotency_key(tests.id('clinic'), 'save', 'r1', '{"key": "k1", "request_hash": "h2", "ttl_seconds": 60}'),
  false, 'of two that claim at the same instant, the second gets nothing'
);

select * from finish();
rollback;

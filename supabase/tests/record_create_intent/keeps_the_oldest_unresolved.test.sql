begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
create function tests.intend(p_token jsonb) returns jsonb language sql as $$
  select public.record_create_intent(jsonb_build_object(
    'org_id', tests.id('clinic'), 'role', 'inbound', 'fencing_token', p_token
  ))
$$;

select is(tests.intend('0'), '{"code": "lease_lost"}', 'only under the lease');
select is((select create_intended_at from public.agents where role = 'inbound'), null, 'without it nothing is written');
select tests.remember('first', tests.intend(tests.recall('token')));
select is(tests.recall('first') ->> 'code', 'recorded', 'an intent is recorded');
select is(tests.recall('first') -> 'previous_intent_at', 'null', 'the first has none before it');
select tests.remember('second', tests.intend(tests.recall('token')));
select is(
  tests.recall('second') -> 'previous_intent_at', tests.recall('first') -> 'intended_at', 'the next knows of the one whose outcome isn''t known'
);
select tests.remember('third', tests.intend(tests.recall('token')));
select is(
  tests.recall('third') -> 'previous_intent_at', tests.recall('first') -> 'intended_at', 'and so does the one after: the oldest counts'
);

select is(tests.record_sync('{"outcome": "failed", "vapi_assistant_id": null, "error": "timed out"}') ->> 'code', 'recorded', 'a failure');
select isnt((select create_intended_at from public.agents where role = 'inbound'), null, 'resolves no intent');
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select is(tests.record_sync('{}') ->> 'code', 'recorded', 'an assistant''s id');
select is((select create_intended_at from public.agents where role = 'inbound'), null, 'does');

select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.intend(tests.recall('token'));
select tests.record_sync('{"outcome": "failed", "error": "500"}');
select isnt((select create_intended_at from public.agents where role = 'inbound'), null, 'the old id with a failure doesn''t');
select tests.remember('token', tests.claim_sync() -> 'fencing_token');
select tests.record_sync('{"outcome": "failed", "error": "read back: 500", "vapi_assistant_id": "asst-2"}');
select results_eq(
  $$ select create_intended_at, vapi_assistant_id from public.agents where role = 'inbound' $$,
  $$ values (null::timestamptz, 'asst-2') $$, 'a new one does, although the sync failed'
);

select * from finish();
rollback;

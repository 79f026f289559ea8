begin;
\ir ../people.psql
\ir ../messaging.psql
select no_plan();
select tests.act_as('service role');

create function tests.due(p_limit integer) returns jsonb language sql as $$
  select public.claim_due_turns(jsonb_build_object('limit', p_limit, 'lease_seconds', 30, 'max_attempts', 3))
$$;
select tests.deliver(tests.text('wamid.' || n, jsonb_build_object('phone', (250788000000 + n)::text))) from generate_series(1, 20) as n;
select tests.deliver(tests.text('wamid.m', '{"phone_number_id": "2001"}'));
select is(tests.due(10) -> 'turns', '[]', 'the webhook has a moment to take them itself');
select tests.wait();
select tests.remember('due', tests.due(4));
select ok(
  (select count(*) filter (where turn ->> 'org_id' = tests.id('market')::text) = 1 and count(*) >= 3
   from jsonb_array_elements(tests.recall('due') -> 'turns') as turn), 'one organization''s backlog doesn''t keep another waiting'
);
select is((select count(*) from jsonb_object_keys(tests.recall('due') -> 'senders')), 2::bigint, 'each with what sending needs');
select is(jsonb_array_length(tests.due(100) -> 'turns') + jsonb_array_length(tests.recall('due') -> 'turns'), 21, 'all of them are found');
select is(tests.due(100) -> 'turns', '[]', 'once');

select * from finish();
rollback;

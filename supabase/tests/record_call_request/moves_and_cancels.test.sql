begin;
\ir ../people.psql
\ir ../messaging.psql
\ir ../calls.psql
select no_plan();
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.act_as('service role');
\ir ../agents.psql

create function pg_temp.ask(p_person text, p_name text, p_reason text, p_not_before timestamptz) returns text language sql as $$
  select tests.code(p_person, jsonb_build_object(
    'kind', 'request_call', 'id', tests.uuid(p_name), 'reason', p_reason, 'not_before', p_not_before
  ))
$$;
create function pg_temp.cancel(p_person text) returns text language sql as $$
  select tests.code(p_person, '{"kind": "cancel_call"}')
$$;
create function pg_temp.claim() returns jsonb language sql as $$
  update public.call_requests set due_at = now() - interval '1 second' where state in ('requested', 'intended');
  select public.claim_call_requests('{"limit": 5, "lease_seconds": 60}') #> '{requests,0}'
$$;
create function pg_temp.intend(p_claimed jsonb) returns text language sql as $$
  select public.intend_call(jsonb_build_object(
    'id', p_claimed -> 'id', 'fencing_token', p_claimed -> 'fencing_token',
    'assistant_id', 'a', 'phone_number_id', 'n', 'fingerprint', 'f'
  )) ->> 'code'
$$;
create function pg_temp.record(p_claimed jsonb, p_changes jsonb) returns text language sql as $$
  select coalesce(answer ->> 'state', answer ->> 'code') from public.record_call_request(jsonb_build_object(
    'id', p_claimed -> 'id', 'fencing_token', p_claimed -> 'fencing_token', 'max_attempts', 2, 'provider_calls', '[]'::jsonb
  ) || p_changes) as answer
$$;
create function pg_temp.open(p_person text) returns jsonb language sql as $$
  select coalesce(private.find_open_call(tests.org_of(p_person), tests.person(p_person)), 'null')
$$;

-- No farther than a month.
select is(pg_temp.ask('ann', 'c1', 'Prices', '2099-01-01'), 'invalid', 'nobody is called in another century');
select is(pg_temp.ask('ann', 'c1', 'Prices', now() + interval '32 days'), 'invalid', 'nor in more than a month');
select is(pg_temp.open('ann'), 'null', 'nothing is asked for');
select is(pg_temp.ask('ann', 'c1', 'Prices', now() + interval '30 days'), 'done', 'but in a month');
select is(pg_temp.open('ann') ->> 'state', 'requested', 'which is known before anything is asked');
select is(pg_temp.open('far'), 'null', 'of whoever asked for it');

-- A new wish takes its place; whoever was about to call doesn't.
select tests.remember('claim', pg_temp.claim());
select is(pg_temp.ask('ann', 'c2', 'Delivery', null), 'done', 'today instead');
select is(pg_temp.intend(tests.recall('claim')), 'lease_lost', 'who has claimed it doesn''t call');
select is(
  pg_temp.record(tests.recall('claim'), jsonb_build_object('outcome', 'waiting', 'until', now() + interval '9 days', 'code', 'not_before')),
  'lease_lost', 'nor says when'
);
select results_eq(
  $$ select id, reason, state, due_at <= now() from public.call_requests $$,
  $$ values (tests.uuid('c1'), 'Delivery', 'requested', true) $$, 'it is one row, due now'
);
select is(pg_temp.claim() ->> 'contact_name', (select name from public.contacts where id = tests.person('ann')), 'a claim names the person');

-- It can be taken back as long as nobody calls.
select tests.remember('claim', pg_temp.claim());
select is(pg_temp.cancel('far'), 'not_found', 'by nobody else');
select is(pg_temp.cancel('ann'), 'done', 'by the person');
select is(pg_temp.cancel('ann'), 'done', 'once as often as they like');
select is(pg_temp.intend(tests.recall('claim')), 'lease_lost', 'nobody calls');
select results_eq('select state from public.call_requests', $$ values ('cancelled') $$, 'it is cancelled');
select is_empty($$ select 1 from public.outbound_messages where kind = 'initiated' $$, 'which the person knows');
select is(pg_temp.ask('ann', 'c3', 'Prices', null), 'done', 'another one may be asked for');
select is(pg_temp.intend(pg_temp.claim()), 'intended', 'it is made');
select is(pg_temp.cancel('ann'), 'not_active', 'and can''t be taken back');
select is(pg_temp.ask('ann', 'c4', 'Prices', null), 'already_done', 'nor asked for again');

-- Who waited too long is told.
update public.call_requests set state = 'requested', intent = null where state = 'intended';
select is(pg_temp.record(pg_temp.claim(), '{"outcome": "refused", "code": "expired"}'), 'refused', 'it comes to an end');
select matches(
  (select content ->> 'text' from public.outbound_messages where kind = 'initiated'),
  'could not make the call', 'and the person knows'
);

select * from finish();
rollback;

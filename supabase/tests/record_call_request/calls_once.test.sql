begin;
\ir ../people.psql
\ir ../messaging.psql
\ir ../calls.psql
select no_plan();
select tests.save_workspace('clinic', jsonb_build_array(tests.integration('vapi', 'key1')));
select tests.save_workspace('market', jsonb_build_array(tests.integration('vapi', 'key2')));
select tests.act_as('service role');
\ir ../agents.psql

create function pg_temp.ask(p_person text, p_name text) returns text language sql as $$
  select tests.code(p_person, jsonb_build_object('kind', 'request_call', 'id', tests.uuid(p_name), 'reason', 'Prices', 'not_before', null))
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
create function pg_temp.follow(p_vapi_call_id text, p_person text, p_state text, p_report jsonb) returns text language sql as $$
  select tests.ingest(jsonb_build_object(
    'org_id', tests.org_of(p_person),
    'event', jsonb_build_object('id', format('vapi:%s:%s', p_vapi_call_id, p_state), 'type', p_state),
    'call', jsonb_build_object('id', p_vapi_call_id, 'direction', 'outbound', 'customer_number', '+250788123456'),
    'change', jsonb_build_object('state', p_state, 'at', now(), 'ended_authority', 2, 'outcome', p_report -> 'outcome'),
    'report', case when p_report is not null then '{"missed": false, "content": {"authority": 2}}'::jsonb end
  )) ->> 'code'
$$;
create function pg_temp.texts() returns text language sql as $$
  select coalesce(string_agg(content ->> 'text', ' | ' order by sequence), '') from public.outbound_messages where kind = 'initiated'
$$;

-- One is open at a time.
select is(pg_temp.ask('ann', 'c1'), 'done', 'a call back is asked for');
select is(pg_temp.ask('ann', 'c1'), 'done', 'again by its id: the same one');
select is(pg_temp.ask('ann', 'c2'), 'done', 'another one takes its place');
select is((select array_agg(id) from public.call_requests), array[tests.uuid('c1')], 'and is the same row');
select is(pg_temp.ask('far', 'c3'), 'done', 'which is nobody else''s matter');
delete from public.call_requests where org_id = tests.id('market');

-- What is waited for, tried again, given up.
select tests.remember('claim', pg_temp.claim());
select is(tests.recall('claim') #>> '{calling,phone}', '+250788123456', 'a claim has what to decide by');
select is(tests.recall('claim') ->> 'minutes_used', '0', 'with the day''s minutes');
select isnt(tests.recall('claim') #>> '{vapi,ciphertext}', null, 'and the key to call with');
select is(public.claim_call_requests('{"limit": 5, "lease_seconds": 60}') -> 'requests', '[]'::jsonb, 'by one at a time');
select is(
  pg_temp.record(tests.recall('claim'), jsonb_build_object('outcome', 'waiting', 'until', now() + interval '1 hour', 'code', 'outside_hours')),
  'requested', 'it may wait'
);
select is(public.claim_call_requests('{"limit": 5, "lease_seconds": 60}') -> 'requests', '[]'::jsonb, 'until then');
select tests.remember('second', pg_temp.claim());
select is(pg_temp.record(tests.recall('claim'), '{"outcome": "retry", "code": "rate_limited"}'), 'lease_lost', 'an earlier claim is worth nothing');
select is(pg_temp.intend(tests.recall('claim')), 'lease_lost', 'nor may it call');
select is(pg_temp.intend(tests.recall('second')), 'intended', 'this one may');
select is(pg_temp.intend(tests.recall('second')), 'intended', 'also where it didn''t hear the answer');
select tests.remember('third', pg_temp.claim());
select is(tests.recall('third') ->> 'state', 'intended', 'who comes after it knows that a call may have been made');
select is(pg_temp.intend(tests.recall('third')), 'lease_lost', 'and may not call again');
select is(pg_temp.record(tests.recall('third'), '{"outcome": "looking", "code": "not_found_yet"}'), 'intended', 'it looks again later');
select is(pg_temp.record(pg_temp.claim(), '{"outcome": "retry", "code": "not_made"}'), 'requested', 'what was certainly not made is tried again');
select is(pg_temp.record(pg_temp.claim(), '{"outcome": "retry", "code": "rate_limited", "error": "Slow down"}'), 'failed', 'but not for ever');
select matches(pg_temp.texts(), 'could not make the call', 'the person is told');
select is((select array_agg(rule) from public.alerts where rule like 'call_back%'), array['call_back_failed'], 'and an operator');
select is(pg_temp.ask('ann', 'c2'), 'done', 'now another one may be asked for');

-- Placed, also by who lost the lease; its events lead it on.
select tests.remember('claim', pg_temp.claim());
select pg_temp.intend(tests.recall('claim'));
select pg_temp.claim();
select is(pg_temp.record(tests.recall('claim'), '{"outcome": "placed", "vapi_call_id": "v1", "phone": "+250788123456"}'), 'placed', 'a call that exists is recorded, whoever says so');
select is(pg_temp.record(tests.recall('claim'), '{"outcome": "placed", "vapi_call_id": "v1", "phone": "+250788123456"}'), 'placed', 'once');
select results_eq('select direction, contact_id from public.call_tracking', $$ values ('outbound', tests.person('ann')) $$, 'with the row that its end is asked by');
select is(pg_temp.ask('ann', 'c4'), 'already_done', 'it is open still');
select is(pg_temp.follow('v1', 'far', 'answered', null), 'foreign_call', 'another organization has no say in it');
select is((select state from public.call_requests where id = tests.uuid('c2')), 'placed', 'none at all');
select is(pg_temp.follow('v1', 'ann', 'answered', null), 'ingested', 'it is answered');
select is((select state from public.call_requests where id = tests.uuid('c2')), 'answered', 'so is the request');
select is(pg_temp.follow('v1', 'ann', 'ended', '{"outcome": "completed"}'), 'ingested', 'it ends');
select is((select state from public.call_requests where id = tests.uuid('c2')), 'completed', 'so does the request');

-- Nobody answered; the events came before the answer of the request.
select is(pg_temp.ask('ann', 'c5'), 'done', 'a third one');
select tests.remember('claim', pg_temp.claim());
select pg_temp.intend(tests.recall('claim'));
select pg_temp.follow('v2', 'ann', 'ended', '{"outcome": "failed"}');
select is(pg_temp.record(tests.recall('claim'), '{"outcome": "placed", "vapi_call_id": "v2", "phone": "+250788123456"}'), 'failed', 'what has ended already has ended');
select matches(pg_temp.texts(), 'did not reach you', 'the person is told');
select is((select count(*) from public.alerts where rule like 'call_back%'), 1::bigint, 'no operator has to do anything');

-- What can't be decided.
select is(pg_temp.ask('ann', 'c6'), 'done', 'a fourth one');
select pg_temp.intend(pg_temp.claim());
select is(pg_temp.record(pg_temp.claim(), '{"outcome": "looking", "code": "not_found_yet"}'), 'intended', 'is looked for');
select is(pg_temp.record(pg_temp.claim(), '{"outcome": "looking", "code": "not_found_yet"}'), 'unknown', 'and left to a person at last');
select is((select count(*) from public.alerts where rule = 'call_back_unknown'), 1::bigint, 'who is told');
select is(pg_temp.claim(), null, 'nobody calls by itself');
select is(tests.ingest(jsonb_build_object(
  'org_id', tests.id('market'), 'event', '{"id": "vapi:v0:ringing", "type": "status-update"}'::jsonb,
  'call', jsonb_build_object('id', 'v0', 'direction', 'outbound', 'name', 'cb-' || tests.uuid('c6')), 'change', '{"state": "rung"}'::jsonb
)) ->> 'code', 'ingested', 'another organization may name its calls as it likes');
select is((select state from public.call_requests where id = tests.uuid('c6')), 'unknown', 'and says nothing by it');
select tests.ingest(jsonb_build_object(
  'event', '{"id": "vapi:v3:ringing", "type": "status-update"}'::jsonb,
  'call', jsonb_build_object('id', 'v3', 'direction', 'outbound', 'name', 'cb-' || tests.uuid('c6')), 'change', '{"state": "rung"}'::jsonb
));
select results_eq(
  'select state, vapi_call_id from public.call_requests where vapi_call_id = ''v3''', $$ values ('placed', 'v3') $$,
  'until an event tells by its name that the call was made'
);
select isnt((select resolved_at from public.alerts where rule = 'call_back_unknown'), null, 'and nobody has to look any more');
select pg_temp.follow('v3', 'ann', 'ended', '{"outcome": "completed"}');
select is((select state from public.call_requests where id = tests.uuid('c6')), 'completed', 'and how it ended');

-- STOP and the day's minutes are looked at last.
select is(pg_temp.ask('bob', 'c7'), 'done', 'somebody else');
select tests.remember('claim', pg_temp.claim());
update public.organization_settings set daily_call_minutes = 0 where org_id = tests.id('clinic');
select is(pg_temp.intend(tests.recall('claim')), 'minutes_spent', 'minutes that are spent meanwhile');
update public.organization_settings set daily_call_minutes = 600, time_zone = 'Mars/Olympus' where org_id = tests.id('clinic');
insert into public.contact_opt_outs (org_id, contact_id, reason) values (tests.id('clinic'), tests.person('bob'), 'STOP');
select is(pg_temp.intend(tests.recall('claim')), 'opted_out', 'and a STOP');
select is(pg_temp.record(tests.recall('claim'), '{"outcome": "refused", "code": "opted_out"}'), 'refused', 'end it');

-- Two that turn out to be one person are called once.
delete from public.contact_opt_outs;
select is(pg_temp.ask('ann', 'c8') || pg_temp.ask('bob', 'c9'), 'donedone', 'both ask');
select private.merge_contacts(tests.id('clinic'), tests.person('ann'), tests.person('bob'));
select is((select count(*) from public.call_requests where state = 'requested'), 1::bigint, 'and are one');

select * from finish();
rollback;

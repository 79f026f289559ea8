begin;
\ir ../people.psql
\ir ../messaging.psql
\ir ../calls.psql
select no_plan();
select tests.act_as('service role');
\ir ../agents.psql
select tests.ingest();

create function tests.asked(p_id text, variadic p_effects jsonb[]) returns jsonb language sql as $$
  select public.record_tool_calls(jsonb_build_object('org_id', tests.id('clinic'), 'vapi_call_id', 'call-1', 'tool_calls', jsonb_build_array(
    jsonb_build_object('tool_call_id', p_id, 'tool', 'a_tool', 'arguments', '{}'::jsonb, 'result', 'Done', 'error', null, 'duration_ms', 1, 'effects', to_jsonb(p_effects))
  ))) #> '{results,0}'
$$;

select is(tests.asked('t1', tests.book('b1', tests.at('09:00'))) ->> 'result', 'Done', 'a caller books');
select is((select contact_id from public.bookings), tests.person('ann'), 'as who calls');
select tests.effect('bob', tests.book('b2', tests.at('10:00')));
select is(
  tests.asked('t2', '{"kind": "take_message", "body": "Call me"}', tests.book('b3', tests.at('10:00'))),
  '{"tool_call_id": "t2", "tool": "a_tool", "result": null, "error": "That did not work.", "replayed": false, "refusals": [{"place": 1, "code": "taken"}]}',
  'what is refused is told by its place'
);
select is_empty('select 1 from public.taken_messages', 'and nothing of the tool call is left');
select is(tests.asked('t2', tests.book('b3', tests.at('11:00')))->> 'result', 'Done', 'it may be decided anew');
select is(tests.asked('t2', tests.book('b4', tests.at('12:00'))) -> 'replayed', 'true', 'and then stands');
select is((select count(*) from public.bookings), 3::bigint, 'once');
select is(tests.asked('t3', jsonb_build_object('kind', 'cancel_booking', 'booking_id', tests.uuid('b2'))) #>> '{refusals,0,code}', 'not_yours', 'a caller cancels nobody else''s booking');
select is(tests.asked('t4', jsonb_build_object('kind', 'capture_lead', 'id', tests.uuid('l'), 'name', 'Ann', 'interest', 'x', 'details', '{}'::jsonb)) ->> 'result', 'Done', 'leads too');
select is((select source from public.leads), 'call', 'with where they came from');

-- A yes is good for one time.
create function tests.confirmed(p_id text, p_confirms text[], p_effect jsonb) returns jsonb language sql as $$
  select public.record_tool_calls(jsonb_build_object('org_id', tests.id('clinic'), 'vapi_call_id', 'call-1', 'tool_calls', jsonb_build_array(
    jsonb_build_object('tool_call_id', p_id, 'tool', 'a_tool', 'arguments', '{}'::jsonb, 'result', 'Done', 'error', null, 'duration_ms', 1,
      'effects', jsonb_build_array(p_effect), 'confirms', to_jsonb(p_confirms))
  ))) #> '{results,0}'
$$;
select tests.asked('q1', variadic '{}'::jsonb[]);
select tests.asked('q2', variadic '{}'::jsonb[]);
select is(tests.confirmed('t5', array['q1', 'q2'], tests.book('b5', tests.at('09:00', 1))) ->> 'result', 'Done', 'what was asked about is done');
select is(tests.confirmed('t6', array['q1', 'q2'], tests.book('b6', tests.at('10:00', 1))) #>> '{refusals,0,code}', 'unconfirmed', 'not twice');
select is(tests.confirmed('t5', array['q1', 'q2'], tests.book('b5', tests.at('09:00', 1))) -> 'replayed', 'true', 'the same again is answered the same');
select tests.asked('q3', variadic '{}'::jsonb[]);
select is(tests.confirmed('t7', array['q2', 'q3'], tests.book('b5', tests.at('09:00', 1))) ->> 'result', 'Done', 'another question is another yes');
select is(tests.confirmed('t8', array['elsewhere'], tests.book('b7', tests.at('11:00', 1))) #>> '{refusals,0,code}', 'unconfirmed', 'a question of no call is none');

-- Who is known by no number.
update public.call_tracking set contact_id = null where vapi_call_id = 'call-1';
select is(tests.asked('t9', '{"kind": "request_transfer", "at": "2026-11-20T09:00:00Z"}') ->> 'result', 'Done', 'may be put through');
select is((select count(*) from public.tool_calls where acted), 5::bigint, 'which is no write');
select tests.asked('w' || n, '{"kind": "take_message", "body": "Hi"}') from generate_series(1, 5) as n;
select is(tests.asked('w6', '{"kind": "take_message", "body": "Hi"}') #>> '{refusals,0,code}', 'limit', 'ten writes a call');
insert into public.tool_calls (org_id, channel, conversation_id, tool_call_id, tool, result, acted, withheld)
select tests.id(organization), 'voice', 'other', organization || n, 'take_message', 'Done', true, true
from generate_series(1, 94) as n cross join unnest(array['clinic', 'market']) as organization;
select tests.ingest('{"event": {"id": "e2", "type": "status-update"}, "call": {"id": "call-2", "direction": "inbound"}}');
create function tests.asked_elsewhere(p_id text) returns jsonb language sql as $$
  select public.record_tool_calls(jsonb_build_object('org_id', tests.id('clinic'), 'vapi_call_id', 'call-2', 'tool_calls', jsonb_build_array(
    jsonb_build_object('tool_call_id', p_id, 'tool', 'a_tool', 'arguments', '{}'::jsonb, 'result', 'Done', 'error', null, 'duration_ms', 1,
      'effects', '[{"kind": "take_message", "body": "Hi"}]'::jsonb)
  ))) #> '{results,0}'
$$;
select is(tests.asked_elsewhere('x1') ->> 'result', 'Done', 'the hundredth of the organization''s day');
select is(tests.asked_elsewhere('x2') #>> '{refusals,0,code}', 'limit', 'is the last one');

select * from finish();
rollback;

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

select is(tests.asked('t1', tests.book('b1', '2027-01-04 09:00Z')) ->> 'result', 'Done', 'a caller books');
select is((select contact_id from public.bookings), tests.person('ann'), 'as who calls');
select tests.effect('bob', tests.book('b2', '2027-01-04 10:00Z'));
select is(
  tests.asked('t2', '{"kind": "take_message", "body": "Call me"}', tests.book('b3', '2027-01-04 10:00Z')),
  '{"tool_call_id": "t2", "tool": "a_tool", "result": null, "error": "That did not work.", "replayed": false, "refusals": [{"place": 1, "code": "taken"}]}',
  'what is refused is told by its place'
);
select is_empty('select 1 from public.taken_messages', 'and nothing of the tool call is left');
select is(tests.asked('t2', tests.book('b3', '2027-01-04 11:00Z'))->> 'result', 'Done', 'it may be decided anew');
select is(tests.asked('t2', tests.book('b4', '2027-01-04 12:00Z')) -> 'replayed', 'true', 'and then stands');
select is((select count(*) from public.bookings), 3::bigint, 'once');
select is(tests.asked('t3', jsonb_build_object('kind', 'cancel_booking', 'booking_id', tests.uuid('b2'))) #>> '{refusals,0,code}', 'not_yours', 'a caller cancels nobody else''s booking');
select is(tests.asked('t4', jsonb_build_object('kind', 'capture_lead', 'id', tests.uuid('l'), 'name', 'Ann', 'interest', 'x', 'details', '{}'::jsonb)) ->> 'result', 'Done', 'leads too');
select is((select source from public.leads), 'call', 'with where they came from');

select * from finish();
rollback;

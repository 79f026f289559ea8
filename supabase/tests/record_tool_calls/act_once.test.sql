begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();

select tests.act_as('service role');
select tests.ingest();
create function pg_temp.record(p_org text, p_tool_calls jsonb) returns jsonb language sql as $$
  select public.record_tool_calls(jsonb_build_object('org_id', tests.id(p_org), 'vapi_call_id', 'call-1', 'tool_calls', p_tool_calls))
$$;
create function pg_temp.asked(p_id text, p_effect jsonb, p_result text default '{"n":1}') returns jsonb language sql as $$
  select jsonb_build_object('tool_call_id', p_id, 'tool', 'a_tool', 'arguments', '{}'::jsonb, 'result', p_result,
    'error', null, 'duration_ms', 1.4, 'effects', jsonb_build_array(p_effect))
$$;

select tests.remember('message', '{"kind": "take_message", "body": "Call me", "caller_name": "Ann", "urgent": true}');
select is(
  pg_temp.record('clinic', jsonb_build_array(pg_temp.asked('t1', tests.recall('message')))),
  '{"code": "recorded", "results": [{"tool_call_id": "t1", "tool": "a_tool", "result": "{\"n\":1}", "error": null, "replayed": false}]}'::jsonb,
  'a tool call is answered'
);
select is(
  pg_temp.record('clinic', jsonb_build_array(pg_temp.asked('t1', tests.recall('message'), '{"n":2}'))) #> '{results,0}',
  '{"tool_call_id": "t1", "tool": "a_tool", "result": "{\"n\":1}", "error": null, "replayed": true}'::jsonb,
  'and answered the same again'
);
select results_eq(
  $$ select body, caller_name, callback_number, urgent, channel, state from public.taken_messages $$,
  $$ values ('Call me', 'Ann', '+250788123456', true, 'voice', 'taken') $$, 'it took effect once'
);
select is(
  (select event_type from public.processed_webhook_events where event_id = 'vapi:call-1:tool-calls:t1'), 'tool-calls', 'and is claimed'
);

select tests.remember('three', pg_temp.record('clinic', jsonb_build_array(
  pg_temp.asked('t2', tests.recall('message')),
  pg_temp.asked('t3', '{"kind": "take_message", "body": ""}'),
  pg_temp.asked('t4', tests.recall('message')),
  pg_temp.asked('t2', tests.recall('message'))
)));
select is(
  jsonb_path_query_array(tests.recall('three'), '$.results[*].error'), '[null, "That did not work.", null, null]'::jsonb,
  'one that the database refuses doesn''t take its neighbours with it'
);
select is(
  jsonb_path_query_array(tests.recall('three'), '$.results[*].replayed'), '[false, false, false, true]'::jsonb,
  'the same twice in one message is one'
);
select is((select count(*) from public.taken_messages), 3::bigint, 'those that could took effect');

select pg_temp.record('clinic', jsonb_build_array(pg_temp.asked('t5', '{"kind": "request_transfer", "at": "2026-11-20T09:00:30Z"}')));
select is((select transfer_requested_at from public.call_tracking), '2026-11-20T09:00:30Z'::timestamptz, 'a transfer that was asked for is noted');
select pg_temp.record('clinic', jsonb_build_array(pg_temp.asked('t6', '{"kind": "send_whatsapp", "text": "Our address"}')));
select results_eq(
  $$ select contact_id = (select contact_id from public.call_tracking), kind, content ->> 'text' from public.outbound_messages $$,
  $$ values (true, 'initiated', 'Our address') $$, 'a message goes to the caller through the outbox'
);
select throws_ok(
  $$ select private.apply_tool_effect(call, 't', '{"kind": "delete_everything"}') from public.call_tracking as call $$, '22023', null,
  'an effect that isn''t known is an error'
);

select is(
  pg_temp.record('market', jsonb_build_array(pg_temp.asked('t7', tests.recall('message')))) ->> 'code', 'call_unknown',
  'another organization can''t act in the call'
);
select is((select count(*) from public.taken_messages where org_id = tests.id('market')), 0::bigint, 'and nothing happens there');

select tests.act_as('member');
update public.taken_messages set state = 'read', read_at = now();
select is((select count(*) from public.taken_messages where state = 'read'), 3::bigint, 'a member marks messages as read');
select throws_ok('update public.taken_messages set body = ''x''', '42501', null, 'and changes nothing else');
select tests.act_as('viewer');
select is_empty('select 1 from public.taken_messages', 'a viewer sees none');

select * from finish();
rollback;

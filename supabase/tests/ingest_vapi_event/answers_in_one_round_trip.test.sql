begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();
select tests.save_workspace('clinic', jsonb_build_array(
  tests.integration('vapi', 'key1'), tests.integration('whatsapp', 'key1', '{"phone_number_id": "1", "business_account_id": "2"}')
));
update public.agents set vapi_assistant_id = role || '-of-clinic', state = 'active' where org_id = tests.id('clinic');
update public.app_config set value = '{"enabled": false}' where key = 'vapi_tier_flags';
update public.organization_settings set test_numbers = '{+250788123456}' where org_id = tests.id('clinic');

select tests.act_as('service role');
select tests.remember('answer', tests.ingest('{
  "answer": true, "event": {"id": "vapi:call-1:assistant-request", "type": "assistant-request"},
  "change": {"state": "rung"}, "tool_call_ids": ["t1"]
}'));
select is(tests.recall('answer') #>> '{agent,vapi_assistant_id}', 'inbound-of-clinic', 'the agent that takes the call');
select is(tests.recall('answer') #>> '{agent,state}', 'active', 'and its state');
select is(tests.recall('answer') #> '{settings,test_numbers}', '["+250788123456"]'::jsonb, 'the test numbers');
select is(tests.recall('answer') #>> '{settings,fallback_text}' <> '', true, 'what to say otherwise');
select is(tests.recall('answer') #> '{flags,vapi_tier_flags,enabled}', 'false'::jsonb, 'the flags');
select is(tests.recall('answer') -> 'whatsapp_connected', 'true'::jsonb, 'what is connected');
select is(tests.recall('answer') #>> '{call,phone_number}', '+250788123456', 'who calls');
select is(tests.recall('answer') -> 'stored_results', '[]'::jsonb, 'and no tool call yet');
select is(
  tests.ingest('{
    "answer": true, "event": {"id": "vapi:call-1:assistant-request", "type": "assistant-request"}, "change": {"state": "rung"},
    "tool_call_ids": ["t1"]
  }') - 'code', tests.recall('answer') - 'code', 'asked again it answers the same'
);

-- What a chat has learnt of the caller is for tools alone.
select is(
  tests.recall('answer') -> 'preferences', '{"values": {}, "rollout_key": "250788123456"}'::jsonb, 'what is known of the caller'
);
select is(
  tests.ingest('{"answer": true, "event": {"id": null, "type": "status-update"}}') -> 'preferences', 'null'::jsonb,
  'where no tool is called nobody asks for it'
);

-- Flags are those in force, whoever slipped.
select tests.remember('flags', tests.recall('answer') #> '{flags,unified_service_flags}');
select is(tests.recall('flags') -> 'unifiedServiceRolloutPercent', '0'::jsonb, 'the service''s flags');
update public.app_config set value = jsonb_set(value, '{deny}', '["+250 788 000 009"]') where key = 'unified_service_flags';
select is(
  tests.ingest('{"answer": true, "event": {"id": null, "type": "x"}}') #> '{flags,unified_service_flags,deny}',
  '["250788000009"]'::jsonb, 'with people as rollout keys'
);
update public.app_config set value = '{"unifiedServiceEnabled": "no"}' where key = 'unified_service_flags';
select is(
  tests.ingest('{"answer": true, "event": {"id": null, "type": "x"}}') #> '{flags,unified_service_flags,unifiedServiceEnabled}',
  'true'::jsonb, 'a malformed value leaves the last good one'
);
delete from public.app_config where key = 'unified_service_flags';
select is(
  tests.ingest('{"answer": true, "event": {"id": null, "type": "x"}}') #> '{flags,unified_service_flags,unifiedServiceEnabled}',
  'true'::jsonb, 'a deleted one too'
);

select public.record_tool_calls(jsonb_build_object('org_id', tests.id('clinic'), 'vapi_call_id', 'call-1',
  'tool_calls', '[{"tool_call_id": "t1", "tool": "get_business_hours", "result": "{}", "effects": []}]'::jsonb));
select is(
  tests.ingest('{"answer": true, "event": {"id": null, "type": "tool-calls"}, "tool_call_ids": ["t1", "t2"]}') -> 'stored_results',
  '[{"tool_call_id": "t1", "tool": "get_business_hours", "result": "{}", "error": null}]'::jsonb, 'what was answered before'
);
select is(
  tests.ingest('{"answer": true, "event": {"id": null, "type": "tool-calls"}, "tool_call_ids": ["t2"]}') -> 'questions', '[]'::jsonb,
  'nobody was asked to confirm anything'
);
select public.record_tool_calls(jsonb_build_object('org_id', tests.id('clinic'), 'vapi_call_id', 'call-1', 'tool_calls', $$ [
  {"tool_call_id": "q1", "tool": "cancel_booking", "arguments": {"booking_id": "b"}, "effects": [],
   "result": "{\"message\":\"Nothing is done yet.\",\"confirmed\":false}"},
  {"tool_call_id": "q2", "tool": "take_message", "arguments": {}, "effects": [],
   "result": "{\"message\":\"\\\"confirmed\\\":false}\"}"}
] $$::jsonb));
select is(
  tests.ingest('{"answer": true, "event": {"id": null, "type": "tool-calls"}, "tool_call_ids": ["t2"]}') -> 'questions',
  '[{"tool_call_id": "q1", "tool": "cancel_booking", "arguments": {"booking_id": "b"}}]'::jsonb, 'what was asked in this call can be confirmed'
);
select is(
  tests.ingest('{"answer": true, "event": {"id": null, "type": "tool-calls"}, "tool_call_ids": ["t2"], "call": {"id": "call-2"}}') -> 'questions',
  '[]'::jsonb, 'in no other'
);
select is(
  tests.ingest('{"answer": true, "event": {"id": null, "type": "x"}, "call": null, "change": null}') ->> 'call', null,
  'a message without a call is answered too'
);

select * from finish();
rollback;

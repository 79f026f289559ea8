begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();

select tests.act_as('service role');
select tests.ingest_report(false, name) from unnest(array['old', 'old recorded', 'new']) as name;
select public.record_tool_calls(jsonb_build_object('org_id', tests.id('clinic'), 'vapi_call_id', 'old',
  'tool_calls', '[{"tool_call_id": "t1", "tool": "take_message", "result": "{}", "effects": [{"kind": "take_message", "body": "Hi"}]}]'::jsonb));
update public.calls set recording_storage_path = 'clinic/recorded' where vapi_call_id = 'old recorded';
update public.call_tracking set created_at = now() - interval '400 days' where vapi_call_id like 'old%';
update public.tool_calls set created_at = now() - interval '400 days';
update public.webhook_event_stats set minute = minute - interval '100 days';

select is(
  public.expire_calls('{"limit": 100}') - 'deleted', '{"code": "expired", "recordings": ["clinic/recorded"]}'::jsonb,
  'what is in Storage is named first'
);
select is(array(select vapi_call_id from public.call_tracking order by 1), '{new,"old recorded"}', 'a call goes, but not before its recording');
select is(array(select vapi_call_id from public.call_logs order by 1), '{new,"old recorded"}', 'with its log');
select is(array(select vapi_call_id from public.calls order by 1), '{new,"old recorded"}', 'and its content');
select is_empty('select 1 from public.tool_calls', 'tool calls go');
select is_empty('select 1 from public.webhook_event_stats', 'and counts');
select results_eq(
  'select body, call_tracking_id from public.taken_messages', $$ values ('Hi', null::uuid) $$, 'a message that was taken has its own days'
);

select is(public.forget_recordings('{"storage_paths": ["clinic/recorded", "clinic/other"]}') ->> 'count', '1', 'once the recording is gone');
select public.expire_calls('{"limit": 100}');
select is(array(select vapi_call_id from public.call_tracking), '{new}', 'its call goes too');

select tests.act_as('operator');
update public.app_config set value = value - 'call_tracking' where key = 'retention_days';
update public.call_tracking set created_at = now() - interval '4000 days';
select tests.act_as('service role');
select public.expire_calls('{"limit": 100}');
select is(array(select vapi_call_id from public.call_tracking), '{new}', 'without days configured nothing goes');

select * from finish();
rollback;

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

select public.record_failed_event(jsonb_build_object(
  'org_id', tests.id('clinic'), 'call', null, 'event_id', event_id, 'event_type', 'hang', 'reason', 'It broke',
  'payload', '{"body": {"a": 1}}'::jsonb, 'max_attempts', 5
)) from unnest(array['vapi:given-up:hang', 'vapi:given-up:hang', 'vapi:failing:hang']) as event_id;
update public.failed_webhook_events set last_failed_at = now() - interval '11 minutes' where event_id = 'vapi:given-up:hang';
select public.expire_calls('{"limit": 100}');
select results_eq(
  'select org_id, source, source_id, reason, payload, attempts from public.dead_letters',
  $$ values (tests.id('clinic'), 'vapi', 'vapi:given-up:hang', 'It broke', '{"body": {"a": 1}}'::jsonb, 2) $$,
  'an event whose sender gave it up is a dead letter'
);
select is((select count(*) from public.alerts where rule = 'dead_letters' and dedupe_key = 'vapi'), 1::bigint, 'somebody is told');
select is(array(select event_id from public.failed_webhook_events), '{vapi:failing:hang}', 'one that may yet come again is not');

select is(public.forget_recordings('{"storage_paths": ["clinic/recorded", "clinic/other"]}') ->> 'count', '1', 'once the recording is gone');
select public.expire_calls('{"limit": 100}');
select is(array(select vapi_call_id from public.call_tracking), '{new}', 'its call goes too');

insert into public.call_requests (org_id, contact_id, reason, state, completed_at, cancelled_at, created_at)
select tests.id('clinic'), private.resolve_contact(tests.id('clinic'), '+250788990011', null), kind, state, now(), now(), created_at
from (values
  ('old', 'completed', now() - interval '400 days'), ('taken back', 'cancelled', now() - interval '400 days'),
  ('new', 'completed', now()), ('open', 'requested', now() - interval '400 days')
) as made (kind, state, created_at);
select is(public.expire_calls('{"limit": 1}') ->> 'deleted', '1', 'calls back go a page at a time');
select public.expire_calls('{"limit": 100}');
select is(array(select reason from public.call_requests order by 1), '{new,open}', 'when they are over, not before');

select tests.act_as('operator');
update public.app_config set value = value - 'call_tracking' where key = 'retention_days';
update public.call_tracking set created_at = now() - interval '4000 days';
select tests.act_as('service role');
select public.expire_calls('{"limit": 100}');
select is(array(select vapi_call_id from public.call_tracking), '{new}', 'without days configured nothing goes');

select * from finish();
rollback;

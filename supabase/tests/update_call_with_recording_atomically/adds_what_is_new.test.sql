begin;
\ir ../people.psql
select no_plan();

select tests.act_as('service role');
create function pg_temp.record(
  p_org text, p_call_id text, p_url text default null, p_path text default null, p_transcript text default null, p_type text default null
) returns jsonb language sql as $$
  select to_jsonb(recorded) from public.update_call_with_recording_atomically(tests.id(p_org), p_call_id, p_url, p_path, p_transcript, p_type) as recorded
$$;

select is(
  pg_temp.record('clinic', 'call-1', 'https://storage.vapi.ai/a.wav', null, 'Hello', 'outboundPhoneCall'),
  '{"call_logs_updated": true, "calls_updated": true, "success": true, "error_message": null}'::jsonb, 'a call''s content'
);
select results_eq(
  'select direction, transcript, recording_url, recording_storage_path from public.calls',
  $$ values ('outbound', 'Hello', 'https://storage.vapi.ai/a.wav', null::text) $$, 'is kept'
);
select is((select source_url from public.recording_upload_queue), 'https://storage.vapi.ai/a.wav', 'and its recording is to be copied');
select tests.remember('again', pg_temp.record('clinic', 'call-1', 'https://storage.vapi.ai/a.wav', null, 'Hello', 'outbound'));
select is(
  tests.recall('again') - 'error_message', '{"call_logs_updated": false, "calls_updated": false, "success": true}'::jsonb,
  'a retry succeeds and changes nothing'
);
select matches(tests.recall('again') ->> 'error_message', '^ALREADY_PROCESSED: ', 'and says so');
select is(
  pg_temp.record('clinic', 'call-1', null, 'clinic/call-1.wav') ->> 'calls_updated', 'true', 'where the copy is comes later'
);
select results_eq(
  'select transcript, recording_storage_path from public.calls', $$ values ('Hello', 'clinic/call-1.wav') $$, 'and takes nothing away'
);
select is((select count(*) from public.recording_upload_queue), 1::bigint, 'one row each a call');

select matches(pg_temp.record('market', 'call-1', null, null, 'Mine') ->> 'error_message', '^COLLISION_ERROR: ', 'another''s call is refused');
select is((select transcript from public.calls), 'Hello', 'and not touched');
select matches(
  pg_temp.record('clinic', 'c', null, null, repeat('é', 1000001)) ->> 'error_message', '^VALIDATION_ERROR: p_transcript', 'a transcript that is too long'
);
select is(
  pg_temp.record('clinic', 'long', null, null, repeat('é', 1000000)) ->> 'success', 'true', 'a million characters are fine'
);
select matches(pg_temp.record('clinic', repeat('x', 257)) ->> 'error_message', '^VALIDATION_ERROR: ', 'a long id');
select matches(pg_temp.record('clinic', 'c', 'file:///etc/passwd') ->> 'error_message', '^VALIDATION_ERROR: p_recording_url', 'no web address');
select matches(pg_temp.record('clinic', 'c', null, null, null, 'pigeon') ->> 'error_message', '^VALIDATION_ERROR: p_call_type', 'no such type');
select is((select count(*) from public.call_tracking where vapi_call_id = 'c'), 0::bigint, 'a refusal writes nothing');

select * from finish();
rollback;

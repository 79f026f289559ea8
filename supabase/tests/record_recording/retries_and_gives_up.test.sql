begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();

select tests.act_as('service role');
select tests.ingest_report();
create function pg_temp.claim() returns jsonb language sql as $$
  select public.claim_recordings('{"limit": 5, "lease_seconds": 60, "max_attempts": 3}') #> '{recordings,0}'
$$;
create function pg_temp.record(p_claimed jsonb, p_changes jsonb) returns jsonb language sql as $$
  select public.record_recording(jsonb_build_object('id', p_claimed -> 'id', 'fencing_token', p_claimed -> 'fencing_token', 'max_attempts', 3) || p_changes)
$$;
create function pg_temp.let_time_pass() returns void language sql as $$
  update public.recording_upload_queue set due_at = now() - interval '1 second'
$$;

select tests.remember('first', pg_temp.claim());
select is(tests.recall('first') ->> 'source_url', 'https://storage.vapi.ai/a.wav', 'a recording is claimed');
select is(pg_temp.claim(), null, 'by one at a time');
select is(pg_temp.record(tests.recall('first'), '{"outcome": "failed", "error": "503"}') ->> 'state', 'queued', 'it failed');
select is(pg_temp.claim(), null, 'and waits');
select cmp_ok((select due_at from public.recording_upload_queue), '>', now() + interval '20 seconds', 'for its backoff');
select pg_temp.let_time_pass();
select tests.remember('second', pg_temp.claim());
select pg_temp.let_time_pass();
select tests.remember('third', pg_temp.claim());
select is(
  pg_temp.record(tests.recall('second'), '{"outcome": "uploaded", "storage_path": "p"}') ->> 'code', 'lease_lost',
  'whoever took too long can''t record anything'
);
select is((select recording_storage_path from public.calls), null, 'so nothing is');
select is(
  pg_temp.record(tests.recall('third'), '{"outcome": "uploaded", "storage_path": "clinic/call-1", "content_type": "audio/wav", "size_bytes": 7}') ->> 'state',
  'uploaded', 'the third time it is there'
);
select is((select recording_storage_path from public.calls), 'clinic/call-1', 'and the call says where');
select is(
  pg_temp.record(tests.recall('third'), '{"outcome": "uploaded", "storage_path": "x"}') ->> 'state', 'uploaded', 'a repeated record is answered'
);
select is((select recording_storage_path from public.calls), 'clinic/call-1', 'and changes nothing');
select is(
  public.read_recording(jsonb_build_object('org_id', tests.id('clinic'), 'vapi_call_id', 'call-1')),
  '{"code": "read", "storage_path": "clinic/call-1"}'::jsonb, 'it can be read'
);
select is(
  public.read_recording(jsonb_build_object('org_id', tests.id('market'), 'vapi_call_id', 'call-1')) ->> 'code', 'not_found', 'by its own organization'
);

select tests.ingest_report(false, 'call-2');
select is(pg_temp.record(pg_temp.claim(), '{"outcome": "refused", "error": "its host is not allowed"}') ->> 'state', 'dead_lettered', 'what is refused is given up at once');
select results_eq(
  'select source, source_id, reason from public.dead_letters',
  $$ values ('job', 'recording:call-2', 'its host is not allowed') $$, 'and a dead letter with its reason'
);
select tests.ingest_report(false, 'call-3');
select pg_temp.claim();
select pg_temp.let_time_pass();
select pg_temp.claim();
select pg_temp.let_time_pass();
select pg_temp.claim();
select pg_temp.let_time_pass();
select is(pg_temp.claim(), null, 'what kills its worker every time');
select is((select state from public.recording_upload_queue where vapi_call_id = 'call-3'), 'dead_lettered', 'is given up like what fails every time');

select * from finish();
rollback;

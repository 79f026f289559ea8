begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();

select tests.act_as('service role');
select is(tests.ingest_status('ringing', 'rung', 1), 'ingested', 'a call rings');
select is(tests.ingest_status('in-progress', 'answered', 10), 'ingested', 'is answered');
select is(tests.ingest_status('in-progress', 'answered', 99), 'duplicate', 'which is told once');
select is((select answered_at from public.call_tracking), '2026-11-20T09:00:10Z'::timestamptz, 'at its own time');
select is(tests.ingest_status('ended', 'ended', 71), 'ingested', 'ends');
select is(tests.ingest_status('queued', 'queued', 0), 'ingested', 'and only then is said to have waited');
select results_eq(
  'select state, queued_at, rung_at, ended_reason from public.call_tracking',
  $$ values ('ended', '2026-11-20T09:00:00Z'::timestamptz, '2026-11-20T09:00:01Z'::timestamptz, 'status') $$,
  'which fills in its time and moves nothing back'
);
select is((select reported_at from public.call_tracking), null, 'the report is still to come');
select is((select report_due_at - ended_at from public.call_tracking), interval '10 minutes', 'and due soon');

select is(tests.ingest_report(), 'ingested', 'the report comes');
select results_eq(
  $$ select outcome, summary, success_evaluation, cost, cost_breakdown, duration_seconds, ended_reason, started_at
     from public.call_logs $$,
  $$ values ('completed', 'They asked.', 'true', 0.25, '{"llm": 0.1}'::jsonb, 61, 'customer-ended-call',
       '2026-11-20T09:00:10Z'::timestamptz) $$, 'and has the last word in the log'
);
select results_eq(
  'select transcript, recording_url from public.calls', $$ values ('AI: Hello', 'https://storage.vapi.ai/a.wav') $$, 'its content is kept'
);
select isnt((select reported_at from public.call_tracking), null, 'nothing more is awaited');
select is((select state from public.recording_upload_queue), 'queued', 'but the recording');
select is(tests.ingest_report(), 'duplicate', 'a report takes effect once');
select is((select count(*) from public.recording_upload_queue), 1::bigint, 'so does its recording');

select is(
  (select count(*) from public.processed_webhook_events where org_id = tests.id('clinic')), 5::bigint, 'each event is claimed once'
);
select is(
  (select sum(event_count) from public.webhook_event_stats where event_type = 'status-update'), 5::bigint, 'and counted each time it came'
);
select is(
  (select value from public.contact_identities where org_id = tests.id('clinic')), '250788123456', 'the caller is a contact'
);
select is((select name from public.contacts), 'Ann', 'with a name');

select * from finish();
rollback;

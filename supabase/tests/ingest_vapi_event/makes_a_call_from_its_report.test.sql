begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();

select tests.act_as('service role');
select is(tests.ingest_report(), 'ingested', 'a report of a call that nobody saw begin');
select results_eq(
  'select state, duration_seconds, answered_at is not null, contact_id is not null from public.call_tracking',
  $$ values ('ended', 61, true, true) $$, 'makes it'
);
select tests.remember('then', jsonb_build_object(
  'call', (select to_jsonb(call) - 'updated_at' - 'queued_at' - 'rung_at' - 'report_due_at' from public.call_tracking as call),
  'log', (select to_jsonb(log) - 'updated_at' from public.call_logs as log)
));
select is(tests.ingest_status('ended', 'ended', 80), 'ingested', 'what comes late');
select is(tests.ingest_status('ringing', 'rung', 1), 'ingested', 'is taken');
select is(tests.ingest_status('queued', 'queued', 0), 'ingested', 'in any order');
select is(
  jsonb_build_object(
    'call', (select to_jsonb(call) - 'updated_at' - 'queued_at' - 'rung_at' - 'report_due_at' from public.call_tracking as call),
    'log', (select to_jsonb(log) - 'updated_at' from public.call_logs as log)
  ),
  tests.recall('then'), 'and changes nothing that the report said'
);

select * from finish();
rollback;

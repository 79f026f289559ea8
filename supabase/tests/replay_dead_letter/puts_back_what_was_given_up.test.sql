begin;
\ir ../people.psql
\ir ../calls.psql
select no_plan();

select tests.act_as('service role');
create function pg_temp.letter(p_source text) returns uuid language sql as $$
  select id from public.dead_letters where source = p_source and org_id = tests.id('clinic')
$$;
create function pg_temp.replay(p_id uuid) returns jsonb language sql as $$
  select public.replay_dead_letter(jsonb_build_object('id', p_id, 'user_id', null, 'request_id', 'r1'))
$$;

-- A recording.
select tests.ingest_report();
select public.record_recording(recording || '{"outcome": "refused", "error": "too large", "max_attempts": 8}')
from jsonb_array_elements(public.claim_recordings('{"limit": 1, "lease_seconds": 60, "max_attempts": 8}') -> 'recordings') as recording;
select is(
  jsonb_path_query_array(public.list_dead_letters('{"source": null, "org_id": null, "replayed": false, "before": null, "limit": 10}'), '$.letters[*].reason'),
  '["too large"]'::jsonb, 'dead letters are listed with their reason'
);
select is(
  pg_temp.replay(pg_temp.letter('job')), '{"code": "replayed", "source": "job", "source_id": "recording:call-1"}'::jsonb, 'a recording is run again'
);
select results_eq('select state, attempts from public.recording_upload_queue', $$ values ('queued', 0) $$, 'which is queued as if new');
select is(pg_temp.replay(pg_temp.letter('job')) ->> 'code', 'already_replayed', 'once');
select is((select state from public.alerts where rule = 'dead_letters' and dedupe_key = 'job'), 'resolved', 'nobody needs to look any more');
select is((select action from public.audit_log where subject = 'recording:call-1'), 'dead_letter_replayed', 'and it is in the audit log');
select is(
  public.list_dead_letters('{"source": null, "org_id": null, "replayed": false, "before": null, "limit": 10}') -> 'letters', '[]'::jsonb, 'it is listed no more'
);
select is(
  jsonb_array_length(public.list_dead_letters('{"source": null, "org_id": null, "replayed": true, "before": null, "limit": 10}') -> 'letters'), 1,
  'unless those that were run again are asked for'
);

-- An event of a call is for whoever asks to process.
select private.record_dead_letter(tests.id('clinic'), 'vapi', 'vapi:call-1:hang', 'It broke', '{"body": {"a": 1}}', 5);
select is(
  pg_temp.replay(pg_temp.letter('vapi')),
  jsonb_build_object('code', 'to_process', 'source', 'vapi', 'source_id', 'vapi:call-1:hang', 'org_id', tests.id('clinic'), 'payload', '{"body": {"a": 1}}'::jsonb),
  'an event is handed over with what was kept'
);
select public.record_replay(jsonb_build_object('id', pg_temp.letter('vapi'), 'request_id', 'r', 'error', 'It broke again'));
select results_eq(
  $$ select reason, attempts, replayed_at is null from public.dead_letters where source = 'vapi' $$,
  $$ values ('It broke again', 6, true) $$, 'one that fails again stays'
);
select public.record_replay(jsonb_build_object('id', pg_temp.letter('vapi'), 'request_id', 'r', 'error', null));
select isnt((select replayed_at from public.dead_letters where source = 'vapi'), null, 'one that succeeds is done with');

-- A message out.
select tests.remember('message', to_jsonb(private.queue_outbound_message(
  tests.id('clinic'), contact.id, 'initiated', 'text', '{"text": "Hello"}'
))) from public.contacts as contact where contact.org_id = tests.id('clinic');
update public.outbound_messages set state = 'failed', failed_at = now(), attempts = 4;
select private.record_dead_letter(tests.id('clinic'), 'outbox', 'm1', 'Refused', jsonb_build_object('message_id', tests.recall('message')), 4);
select is(pg_temp.replay(pg_temp.letter('outbox')) ->> 'code', 'replayed', 'a message that failed is run again');
select results_eq('select state, attempts from public.outbound_messages', $$ values ('queued', 0) $$, 'which is queued again');
update public.outbound_messages set state = 'unknown', unknown_at = now();
update public.dead_letters set replayed_at = null where source = 'outbox';
select is(pg_temp.replay(pg_temp.letter('outbox')) ->> 'code', 'gone', 'one that may have been sent is not sent again');
select results_eq(
  $$ select replayed_at, dismissed_at, dismissal_reason ~ 'is gone' from public.dead_letters where source = 'outbox' $$,
  'values (now(), now(), true)', 'and nobody has to look at it any more'
);
select is((select state from public.alerts where rule = 'dead_letters' and dedupe_key = 'outbox'), 'resolved', 'so that its alert is over');
select is(
  (select details ->> 'reason' from public.audit_log where action = 'dead_letter_dismissed'), 'Run again: what failed is gone, or has succeeded since',
  'the audit log says why'
);

-- A message in.
select public.ingest_whatsapp('{"messages": []}');
insert into public.contact_queues (org_id, contact_id, received_sequence, completed_sequence)
select org_id, id, 7, 7 from public.contacts where org_id = tests.id('clinic')
on conflict (org_id, contact_id) do update set received_sequence = 7, completed_sequence = 7;
insert into public.inbound_messages (org_id, contact_id, wamid, sequence, type, payload, phone_number_id, disposition, disposed_at, attempts)
select org_id, id, 'wamid.1', 3, 'text', '{}', '1', 'dead_lettered', now(), 5 from public.contacts where org_id = tests.id('clinic');
select private.record_dead_letter(tests.id('clinic'), 'whatsapp', 'whatsapp:wamid.1', 'It broke',
  jsonb_build_object('message_id', id, 'created_at', created_at, 'contact_id', contact_id), 5) from public.inbound_messages;
select is(pg_temp.replay(pg_temp.letter('whatsapp')) ->> 'code', 'replayed', 'a message that no turn could answer is run again');
select results_eq(
  'select disposition, sequence, attempts from public.inbound_messages', $$ values ('received', 8::bigint, 0) $$, 'behind what came since'
);
select results_eq(
  'select received_sequence, turn_due_at is not null from public.contact_queues', $$ values (8::bigint, true) $$, 'and a turn is due'
);

select is(pg_temp.replay(gen_random_uuid()) ->> 'code', 'not_found', 'what was never given up can''t be run again');
select tests.act_as('member');
select isnt_empty('select id, org_id, source, source_id, reason, attempts, dead_lettered_at, replayed_at from public.dead_letters', 'a member sees what was given up');
select throws_ok('select payload from public.dead_letters', '42501', null, 'but not what somebody said');
select throws_ok('select public.list_dead_letters(''{}'')', '42501', null, 'nobody but the service role does this');

select * from finish();
rollback;

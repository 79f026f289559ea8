begin;
\ir ../people.psql
select no_plan();

insert into public.organizations (id, name)
select md5(n::text)::uuid, 'Organization ' || n from generate_series(1, 1000) as n;
insert into public.call_tracking (org_id, vapi_call_id, state, queued_at)
select md5((n % 1000 + 1)::text)::uuid, 'c' || n, 'queued', now() from generate_series(1, 30000) as n;
-- A third of each organization's is in its backoff, and one organization has a backlog of its own.
insert into public.recording_upload_queue (org_id, vapi_call_id, call_tracking_id, source_url, due_at)
select call.org_id, call.vapi_call_id, call.id, 'https://x',
  now() + case when call.vapi_call_id ~ '[036]$' then interval '1 hour' else -interval '1 hour' end
from public.call_tracking as call;
insert into public.call_tracking (org_id, vapi_call_id, state, queued_at)
select tests.id('clinic'), 'clinic' || n, 'queued', now() from generate_series(1, 30000) as n;
insert into public.recording_upload_queue (org_id, vapi_call_id, call_tracking_id, source_url, due_at)
select call.org_id, call.vapi_call_id, call.id, 'https://x', now() - interval '2 hours'
from public.call_tracking as call where call.org_id = tests.id('clinic');

create function pg_temp.scans() returns bigint language sql as $$
  select pg_stat_get_xact_numscans('public.recording_upload_queue'::regclass)
$$;
create function pg_temp.entries_read() returns bigint language sql as $$
  select pg_stat_get_xact_tuples_returned('public.recording_upload_queue'::regclass) + (
    select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index
    where indrelid = 'public.recording_upload_queue'::regclass
  )
$$;
-- Ten times, since PostgreSQL may change its plan after the fifth.
create function pg_temp.claim_ten_times(p_limit integer) returns setof jsonb language sql as $$
  select jsonb_array_elements(public.claim_recordings(jsonb_build_object(
    'limit', p_limit, 'lease_seconds', 60, 'max_attempts', 8
  )) -> 'recordings')
  from generate_series(1, 10)
$$;

select tests.remember('scans', to_jsonb(pg_temp.scans()));
select tests.remember('read', to_jsonb(pg_temp.entries_read()));
create temporary table claimed as select * from pg_temp.claim_ten_times(100) as recording;
select is((select count(*) from claimed), 1000::bigint, 'ten claims of a hundred');
select is((select count(distinct recording ->> 'id') from claimed), 1000::bigint, 'none of them twice');
select cmp_ok(
  (select count(*) from claimed where recording ->> 'org_id' = tests.id('clinic')::text), '<=', 10::bigint,
  'the organization with the backlog gets no more than the others'
);
select is((select count(*) from pg_temp.claim_ten_times(1)), 10::bigint, 'and ten of a single one');
select is(to_jsonb(pg_temp.scans()), tests.recall('scans'), 'without one sequential scan');
select cmp_ok(
  pg_temp.entries_read() - (tests.recall('read'))::text::bigint, '<', 60000::bigint, 'and read a few entries for each, however many wait'
);

select tests.remember('scans', to_jsonb(pg_temp.scans()));
select public.record_recording(jsonb_build_object(
  'id', recording -> 'id', 'fencing_token', 1, 'outcome', 'failed', 'error', 'x', 'max_attempts', 8
)) from claimed limit 10;
select is(to_jsonb(pg_temp.scans()), tests.recall('scans'), 'recording what came of it doesn''t scan either');
select is(private.queue_due_upload_recordings(), 1, 'a job is queued for all of it');
select is(private.queue_due_upload_recordings(), 0, 'once');

select * from finish();
rollback;

begin;
\ir ../people.psql
select no_plan();

-- What has had its days is deleted a page at a time, and looking for it costs a page: the oldest half
-- of the calls has no recording, the other half waits for Storage.
select public.expire_calls('{"limit": 10}') from generate_series(1, 10);
insert into public.call_tracking (id, org_id, vapi_call_id, direction, queued_at, created_at)
select md5('c' || n)::uuid, tests.id('clinic'), 'call-' || n, 'inbound', now(), now() - interval '2 years' + make_interval(secs => n)
from generate_series(1, 30000) as n;
insert into public.calls (org_id, call_tracking_id, vapi_call_id, direction, recording_storage_path)
select org_id, id, vapi_call_id, 'inbound', case when n > 15000 then id || '.wav' end
from public.call_tracking join generate_series(1, 30000) as n on id = md5('c' || n)::uuid;
insert into public.tool_calls (org_id, channel, conversation_id, tool_call_id, tool, arguments, result, created_at)
select tests.id('clinic'), 'voice', 'call-1', n::text, 'x', '{}', 'x', now() - interval '2 years' from generate_series(1, 30000) as n;
insert into public.webhook_event_stats (minute, org_id, source, event_type, event_count)
select date_trunc('minute', now() - interval '1 year', 'UTC') - make_interval(mins => n), tests.id('clinic'), 'vapi', 'x', 1
from generate_series(1, 30000) as n;
insert into public.failed_webhook_events (org_id, event_id, source, event_type, reason, payload, last_failed_at)
select tests.id('clinic'), n::text, 'vapi', 'x', 'x', '{}', now() - interval '1 hour' from generate_series(1, 30000) as n;

create function tests.tables() returns setof oid language sql as $$
  select unnest(array[
    'public.call_tracking'::regclass, 'public.calls', 'public.tool_calls', 'public.taken_messages',
    'public.webhook_event_stats', 'public.failed_webhook_events'
  ])::oid
$$;
create function tests.read() returns bigint language sql as $$
  select sum(pg_stat_get_xact_tuples_returned(oid))::bigint + (
    select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where indrelid in (select tests.tables())
  )::bigint
  from tests.tables() as oid
$$;

select tests.remember('read', to_jsonb(tests.read()));
select is(
  (select sum((answer ->> 'deleted')::integer) from (select public.expire_calls('{"limit": 10}') as answer from generate_series(1, 10)) as round),
  400::bigint, 'ten pages of ten of four tables'
);
select cmp_ok(tests.read() - tests.recall('read')::text::bigint, '<', 60000::bigint, 'read a few entries for each row, however many wait');
select * from finish();
rollback;

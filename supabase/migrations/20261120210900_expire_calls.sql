-- What calls leave behind, for as many days as app_config['retention_days'] says.

do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into public.app_config as config (key, value) values ('retention_days', '{
    "call_tracking": 365, "tool_calls": 365, "taken_messages": 365, "call_requests": 365, "webhook_event_stats": 90
  }')
  -- What is configured already stays.
  on conflict (key) do update set value = excluded.value || config.value;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
  perform private.add_job_kinds(array['expire_calls']);
end
$$;

-- Whatever waits, a page of the oldest is found by reading a page.
create index call_tracking_created_at_idx on public.call_tracking (created_at);
create index tool_calls_created_at_idx on public.tool_calls (created_at);
create index taken_messages_taken_at_idx on public.taken_messages (taken_at);

create function private.queue_due_expire_calls() returns integer
language plpgsql set search_path = '' as $$
begin
  return private.queue_job('expire_calls', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_expire_calls() from public, anon, authenticated;
grant execute on function private.queue_due_expire_calls() to service_role;

-- {limit} -> 'expired' {deleted, recordings: [storage path]}: at most `limit` rows of each table. A call
-- with a recording in Storage stays until that is gone: its path is answered, and forget_recordings
-- says that it is. An event that failed and that its sender gave up becomes a dead letter.
create function public.expire_calls(request jsonb) returns jsonb
language plpgsql set search_path = '' set enable_seqscan = off set enable_sort = off set jit = off as $$
declare
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 1), 1000);
  v_cutoff timestamptz;
  v_deleted integer := 0;
  v_count integer;
  v_expired uuid[];
  v_recordings jsonb;
  v_failed public.failed_webhook_events;
begin
  perform set_config('app.actor', 'system', true);
  -- Vapi sends again within minutes: what it stopped sending nobody else brings.
  for v_failed in
    select failed.*
    from public.failed_webhook_events as failed
    where failed.last_failed_at < now() - interval '10 minutes'
    order by failed.last_failed_at
    limit v_limit
    for update skip locked
  loop
    perform private.record_dead_letter(
      v_failed.org_id, v_failed.source, v_failed.event_id, v_failed.reason, v_failed.payload,
      v_failed.attempts
    );
    delete from public.failed_webhook_events as failed
    where failed.org_id = v_failed.org_id and failed.event_id = v_failed.event_id;
    v_deleted := v_deleted + 1;
  end loop;

  v_cutoff := private.retention_cutoff('call_tracking');
  select array_agg(expired.id) into v_expired
  from (
    select call.id
    from public.call_tracking as call
    where call.created_at < v_cutoff
    order by call.created_at
    limit v_limit
    for update skip locked
  ) as expired;
  select coalesce(jsonb_agg(content.recording_storage_path), '[]') into v_recordings
  from public.call_tracking as call
  join public.calls as content on content.org_id = call.org_id and content.call_tracking_id = call.id
  where call.id = any (v_expired) and content.recording_storage_path is not null;

  -- Its log, its content and its place in the queue go with it.
  delete from public.call_tracking as call
  where call.id = any (v_expired)
    and not exists (
      select 1 from public.calls as content
      where content.org_id = call.org_id and content.call_tracking_id = call.id
        and content.recording_storage_path is not null
    );
  get diagnostics v_count = row_count;
  v_deleted := v_deleted + v_count;

  v_cutoff := private.retention_cutoff('tool_calls');
  delete from public.tool_calls as done
  where done.id = any (array(
    select expired.id from public.tool_calls as expired
    where expired.created_at < v_cutoff order by expired.created_at limit v_limit for update skip locked
  ));
  get diagnostics v_count = row_count;
  v_deleted := v_deleted + v_count;

  v_cutoff := private.retention_cutoff('taken_messages');
  delete from public.taken_messages as message
  where message.id = any (array(
    select expired.id from public.taken_messages as expired
    where expired.taken_at < v_cutoff order by expired.taken_at limit v_limit for update skip locked
  ));
  get diagnostics v_count = row_count;
  v_deleted := v_deleted + v_count;

  v_cutoff := private.retention_cutoff('call_requests');
  delete from public.call_requests as over
  where over.id = any (array(
    select expired.id from public.call_requests as expired
    where expired.created_at < v_cutoff
      and expired.state in ('completed', 'refused', 'failed', 'unknown', 'cancelled')
    order by expired.created_at limit v_limit for update skip locked
  ));
  get diagnostics v_count = row_count;
  v_deleted := v_deleted + v_count;

  v_cutoff := private.retention_cutoff('webhook_event_stats');
  delete from public.webhook_event_stats as stats
  where stats.ctid = any (array(
    select expired.ctid from public.webhook_event_stats as expired
    where expired.minute < v_cutoff order by expired.minute limit v_limit for update skip locked
  ));
  get diagnostics v_count = row_count;
  return jsonb_build_object(
    'code', 'expired', 'deleted', v_deleted + v_count, 'recordings', v_recordings
  );
end
$$;
revoke all on function public.expire_calls(jsonb) from public, anon, authenticated;
grant execute on function public.expire_calls(jsonb) to service_role;

-- {storage_paths: []} -> 'forgotten' {count}: these objects are gone from Storage.
create function public.forget_recordings(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  perform set_config('app.actor', 'system', true);
  update public.calls as content set recording_storage_path = null
  from public.call_tracking as call
  where call.org_id = content.org_id and call.id = content.call_tracking_id
    and call.created_at < private.retention_cutoff('call_tracking')
    and content.recording_storage_path in (
      select path.value from jsonb_array_elements_text(request -> 'storage_paths') as path
    );
  get diagnostics v_count = row_count;
  return jsonb_build_object('code', 'forgotten', 'count', v_count);
end
$$;
revoke all on function public.forget_recordings(jsonb) from public, anon, authenticated;
grant execute on function public.forget_recordings(jsonb) to service_role;

do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('expire_calls', '41 * * * *');
  end if;
end
$$;

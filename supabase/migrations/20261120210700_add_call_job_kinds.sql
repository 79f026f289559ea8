-- Two kinds of work on calls. Each is one job for all organizations, whose own queue goes round them.

do $$
begin
  perform private.add_job_kinds(array['upload_recordings', 'reconcile_calls']);
end
$$;

create function private.queue_due_upload_recordings() returns integer
language plpgsql set search_path = '' as $$
begin
  if cardinality(private.organizations_with_due_recordings(clock_timestamp(), 1)) = 0 then
    return 0;
  end if;
  return private.queue_job('upload_recordings', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_upload_recordings() from public, anon, authenticated;
grant execute on function private.queue_due_upload_recordings() to service_role;

create function private.queue_due_reconcile_calls() returns integer
language plpgsql set search_path = '' as $$
begin
  if cardinality(private.organizations_with_overdue_calls(clock_timestamp(), 1)) = 0 then
    return 0;
  end if;
  return private.queue_job('reconcile_calls', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_reconcile_calls() from public, anon, authenticated;
grant execute on function private.queue_due_reconcile_calls() to service_role;

do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('upload_recordings', '* * * * *');
    perform private.schedule_worker('reconcile_calls', '*/5 * * * *');
  end if;
end
$$;

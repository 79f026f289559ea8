-- The clock of the worker: one cron line a job kind, each posting to the worker function. Where pg_cron,
-- pg_net or vault don't exist (a plain PostgreSQL) nothing is scheduled, and something else has to call.
--
-- The project's address and its secret key come from the vault, under the names `project_url` and
-- `worker_secret_key`, at every call: a key that is rotated there is used from the next minute on.

-- Answers the number of pg_net's request; null, with a warning in the log, while the vault lacks a name.
create function private.call_worker(p_kind text) returns bigint
language plpgsql set search_path = '' as $$
declare
  v_project_url text;
  v_secret_key text;
  v_request_id bigint;
begin
  select secret.decrypted_secret into v_project_url
  from vault.decrypted_secrets as secret
  where secret.name = 'project_url';
  select secret.decrypted_secret into v_secret_key
  from vault.decrypted_secrets as secret
  where secret.name = 'worker_secret_key';
  if v_project_url is null or v_secret_key is null then
    raise warning 'Cannot call the worker for "%": the vault needs "project_url" and "worker_secret_key"', p_kind;
    return null;
  end if;

  select net.http_post(
    url := rtrim(v_project_url, '/') || '/functions/v1/worker/run',
    headers := jsonb_build_object('content-type', 'application/json', 'apikey', v_secret_key),
    body := jsonb_build_object('kind', p_kind),
    -- The worker answers at once and works afterwards.
    timeout_milliseconds := 5000
  ) into v_request_id;
  return v_request_id;
end
$$;
revoke all on function private.call_worker(text) from public, anon, authenticated, service_role;

-- The kinds that the clock is to call, so that one is missed that never was.
create table private.worker_schedules (
  kind text not null,
  schedule text not null,
  -- When alerts were first evaluated with this kind among them; null before.
  watched_since timestamptz,
  constraint worker_schedules_pkey primary key (kind)
);
alter table private.worker_schedules enable row level security;
revoke all on table private.worker_schedules from public, anon, authenticated, service_role;
grant select, insert, update, delete on table private.worker_schedules to service_role;
create policy "only the service role reaches worker_schedules" on private.worker_schedules
  for all to service_role using (true) with check (true);

-- Scheduling a name again replaces its line, so this may be run whenever a kind is added.
create function private.schedule_worker(p_kind text, p_schedule text) returns void
language plpgsql set search_path = '' as $$
begin
  perform cron.schedule(
    'worker_' || p_kind, p_schedule, format('select private.call_worker(%L)', p_kind)
  );
  insert into private.worker_schedules (kind, schedule) values (p_kind, p_schedule)
  on conflict (kind) do update set schedule = excluded.schedule;
end
$$;
revoke all on function private.schedule_worker(text, text) from public, anon, authenticated, service_role;

do $$
begin
  if (
    select count(*)
    from pg_catalog.pg_available_extensions as available
    where available.name in ('pg_cron', 'pg_net', 'supabase_vault')
  ) < 3 then
    return;
  end if;
  create extension if not exists pg_cron with schema pg_catalog;
  create extension if not exists pg_net with schema extensions;
  create extension if not exists supabase_vault with schema vault;

  perform private.schedule_worker('sync_agent', '* * * * *');
  perform private.schedule_worker('push_workspace', '* * * * *');
  perform private.schedule_worker('verify_credentials', '7 * * * *');
  perform private.schedule_worker('expire_rows', '*/10 * * * *');
  -- pg_cron keeps a row of every run for ever.
  perform cron.schedule(
    'prune_cron_history', '23 3 * * *',
    'delete from cron.job_run_details where end_time < now() - interval ''7 days'''
  );
end
$$;

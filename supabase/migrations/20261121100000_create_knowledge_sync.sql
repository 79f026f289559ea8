-- What Vapi has of an organization's knowledge base: its files, its one query tool, and how each sync went.

-- Every sync, for members to see.
create table public.kb_sync_log (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  -- A request of somebody's, or the worker.
  started_by text not null,
  actor text not null,
  request_id text not null,
  state text not null default 'running',
  counts jsonb not null default '{}',
  error text,
  duration_ms integer,
  started_at timestamptz not null default clock_timestamp(),
  completed_at timestamptz,
  constraint kb_sync_log_pkey primary key (id),
  constraint kb_sync_log_org_id_id_unique unique (org_id, id),
  constraint kb_sync_log_org_id_fkey foreign key (org_id) references public.organizations (id) on delete cascade,
  constraint kb_sync_log_started_by_is_known check (started_by in ('request', 'worker')),
  constraint kb_sync_log_state_is_known
    check (state in ('running', 'succeeded', 'partially_succeeded', 'failed', 'interrupted')),
  constraint kb_sync_log_state_has_its_timestamp check ((state = 'running') = (completed_at is null)),
  constraint kb_sync_log_counts_is_an_object check (jsonb_typeof(counts) = 'object'),
  constraint kb_sync_log_duration_ms_is_not_negative check (duration_ms >= 0)
);
create index kb_sync_log_org_id_started_at_idx on public.kb_sync_log (org_id, started_at desc);

alter table public.kb_sync_log enable row level security;
revoke all on table public.kb_sync_log from public, anon, authenticated, service_role;
grant select on table public.kb_sync_log to authenticated;
grant select, insert, update, delete on table public.kb_sync_log to service_role;
create policy "members read the knowledge base syncs of their organizations" on public.kb_sync_log
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('viewer'))::uuid[]));

-- One row each: what is wanted, what was applied, when the worker goes on.
create table public.knowledge_syncs (
  org_id uuid not null,
  tool_name text not null default 'knowledge-search',
  assistant_roles text[] not null default '{inbound,outbound}',
  -- The query tool at Vapi, what it was last given, and the key of the account that it is in.
  tool_id text,
  tool_hash text,
  key_fingerprint text,
  -- A tool was about to be made, and whether it was is not known.
  tool_intended_at timestamptz,
  -- Tools of ours that no assistant may hold any more; deleted once none does.
  retired_tool_ids text[] not null default '{}',
  state text not null default 'queued',
  -- Of what the last sync that ended found to be wanted.
  attempted_hash text,
  -- When the worker looks at it: after a change, an interrupted sync, a failure. Null for never.
  due_at timestamptz,
  sync_id uuid,
  progress jsonb not null default '{}',
  consecutive_failures integer not null default 0,
  error text,
  wanted_at timestamptz not null default now(),
  finished_at timestamptz,
  last_synced_at timestamptz,
  created_at timestamptz not null default now(),
  constraint knowledge_syncs_pkey primary key (org_id),
  constraint knowledge_syncs_org_id_fkey foreign key (org_id) references public.organizations (id) on delete cascade,
  constraint knowledge_syncs_sync_fkey foreign key (org_id, sync_id)
    references public.kb_sync_log (org_id, id) on delete set null (sync_id),
  constraint knowledge_syncs_tool_name_is_a_function_name check (tool_name ~ '^[a-zA-Z0-9_-]{1,64}$'),
  constraint knowledge_syncs_assistant_roles_are_known
    check (cardinality(assistant_roles) > 0 and assistant_roles <@ array['inbound', 'outbound']),
  constraint knowledge_syncs_state_is_known
    check (state in ('queued', 'running', 'synced', 'partially_synced', 'failed')),
  constraint knowledge_syncs_progress_is_an_object check (jsonb_typeof(progress) = 'object')
);
create index knowledge_syncs_due_at_idx on public.knowledge_syncs (due_at) where due_at is not null;
create index knowledge_syncs_sync_idx on public.knowledge_syncs (org_id, sync_id);

alter table public.knowledge_syncs enable row level security;
revoke all on table public.knowledge_syncs from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.knowledge_syncs to service_role;
create policy "only the service role reaches knowledge_syncs" on public.knowledge_syncs
  for all to service_role using (true) with check (true);

-- Each text that Vapi has or is about to have as a file, by the hash of its content. A row is written
-- before the upload and carried in the file's metadata, so that a file whose id was lost is found.
create table public.knowledge_files (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  content_hash text not null,
  vapi_file_id text,
  -- Of the key to the account that it is in.
  key_fingerprint text not null,
  state text not null default 'intended',
  error text,
  intended_at timestamptz not null default clock_timestamp(),
  uploaded_at timestamptz,
  constraint knowledge_files_pkey primary key (id),
  constraint knowledge_files_org_id_content_hash_unique unique (org_id, content_hash),
  constraint knowledge_files_org_id_fkey foreign key (org_id) references public.organizations (id) on delete cascade,
  constraint knowledge_files_state_is_known check (state in ('intended', 'processing', 'done', 'failed')),
  -- One that never got there fails without.
  constraint knowledge_files_uploaded_ones_have_an_id
    check (state in ('intended', 'failed') or vapi_file_id is not null)
);

alter table public.knowledge_files enable row level security;
revoke all on table public.knowledge_files from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.knowledge_files to service_role;
create policy "only the service role reaches knowledge_files" on public.knowledge_files
  for all to service_role using (true) with check (true);

-- The worker looks at it from then on. Whatever is running goes round once more, or is followed.
create function private.queue_knowledge_sync(p_org_id uuid, p_after interval) returns void
language plpgsql set search_path = '' as $$
declare
  v_due_at constant timestamptz := clock_timestamp() + p_after;
begin
  insert into public.knowledge_syncs as sync (org_id, due_at, wanted_at)
  values (p_org_id, v_due_at, clock_timestamp())
  on conflict (org_id) do update set
    due_at = least(coalesce(sync.due_at, excluded.due_at), excluded.due_at),
    wanted_at = excluded.wanted_at,
    -- What is wanted anew has not failed yet.
    consecutive_failures = 0,
    state = case when sync.state = 'running' then 'running' else 'queued' end;
  perform private.queue_job('sync_knowledge', p_org_id, 'knowledge', '{}', v_due_at);
end
$$;
revoke all on function private.queue_knowledge_sync(uuid, interval) from public, anon, authenticated;
grant execute on function private.queue_knowledge_sync(uuid, interval) to service_role;

-- Asks for a push to Vapi after a change of what is active and searchable, where the settings want it.
-- Five seconds later, so that a burst of saves is one sync.
create or replace function private.want_knowledge_sync(p_org_id uuid) returns void
language plpgsql set search_path = '' as $$
begin
  if exists (
    select 1 from public.organization_settings as settings where settings.org_id = p_org_id and settings.auto_sync
  ) then
    perform private.queue_knowledge_sync(p_org_id, interval '5 seconds');
  end if;
end
$$;

do $$
begin
  perform private.add_job_kinds(array['sync_knowledge']);
end
$$;

-- Organizations whose sync is due, and nobody is at it: its process died, or failed, or could not do all.
create function private.queue_due_sync_knowledge() returns integer
language plpgsql set search_path = '' as $$
declare
  -- Not asked for row by row: only what is fixed can be looked up in an index.
  v_now constant timestamptz := clock_timestamp();
  v_count integer;
begin
  with due as (
    select sync.org_id
    from public.knowledge_syncs as sync
    join public.integrations as integration
      on integration.org_id = sync.org_id and integration.provider = 'vapi' and integration.connected
    where sync.due_at <= v_now
      and not exists (
        select 1 from public.leases as lease
        where lease.org_id = sync.org_id and lease.resource = 'knowledge_sync'
          and lease.released_at is null and lease.expires_at > v_now
      )
      and not exists (
        select 1 from public.background_jobs as job
        where job.org_id = sync.org_id and job.kind = 'sync_knowledge' and job.dedupe_key = 'knowledge'
          and job.state in ('queued', 'claimed')
      )
    order by sync.due_at
    limit 5000
  ), queued as (
    select private.queue_job('sync_knowledge', due.org_id, 'knowledge', '{}') as added from due
  )
  select count(*) filter (where queued.added) into v_count from queued;
  return v_count;
end
$$;
revoke all on function private.queue_due_sync_knowledge() from public, anon, authenticated;
grant execute on function private.queue_due_sync_knowledge() to service_role;

do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('sync_knowledge', '* * * * *');
  end if;
end
$$;

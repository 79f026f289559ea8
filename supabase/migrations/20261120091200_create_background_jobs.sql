-- Work that remains to be done, whatever dies on the way.

create table public.background_jobs (
  id uuid not null default gen_random_uuid(),
  -- Null for work on all organizations together.
  org_id uuid,
  kind text not null,
  -- Two live jobs of a kind never share it: queueing what is queued already changes nothing.
  dedupe_key text,
  payload jsonb not null default '{}',
  state text not null default 'queued',
  attempts integer not null default 0,
  max_attempts integer not null default 8,
  -- When it may next be claimed: where its backoff ends while queued, where its lease ends while
  -- claimed. One column, so that one index finds both the waiting and the abandoned.
  available_at timestamptz not null default now(),
  fencing_token bigint not null default 0,
  worker_id text,
  last_error text,
  queued_at timestamptz not null default now(),
  claimed_at timestamptz,
  completed_at timestamptz,
  dead_lettered_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Whose turn it is: the organization, or one lane of their own for jobs that have none.
  lane uuid not null generated always as (coalesce(org_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff')) stored,
  constraint background_jobs_pkey primary key (id),
  constraint background_jobs_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint background_jobs_kind_is_known check (
    kind in ('sync_agent', 'push_workspace', 'verify_credentials', 'expire_rows')
  ),
  constraint background_jobs_payload_is_an_object check (jsonb_typeof(payload) = 'object'),
  constraint background_jobs_state_is_known check (state in ('queued', 'claimed', 'completed', 'dead_lettered')),
  constraint background_jobs_state_has_its_timestamp check (
    case state
      when 'claimed' then claimed_at is not null
      when 'completed' then completed_at is not null
      when 'dead_lettered' then dead_lettered_at is not null
      else true
    end
  ),
  constraint background_jobs_attempts_are_not_negative check (attempts >= 0),
  constraint background_jobs_max_attempts_is_positive check (max_attempts > 0)
);
create unique index background_jobs_live_dedupe_key_unique
  on public.background_jobs (kind, org_id, dedupe_key) nulls not distinct
  where state in ('queued', 'claimed') and dedupe_key is not null;
create index background_jobs_live_idx on public.background_jobs (kind, lane, available_at)
  where state in ('queued', 'claimed');
-- Health asks for the oldest that waits and for how many are given up.
create index background_jobs_queued_idx on public.background_jobs (available_at) where state = 'queued';
create index background_jobs_dead_lettered_idx on public.background_jobs (dead_lettered_at)
  where state = 'dead_lettered';
create index background_jobs_completed_idx on public.background_jobs (completed_at) where state = 'completed';
create index background_jobs_org_id_kind_idx on public.background_jobs (org_id, kind, dedupe_key);

-- For a migration that brings kinds of its own: whatever is known already stays known.
create function private.add_job_kinds(p_kinds text[]) returns void
language plpgsql set search_path = '' as $$
declare
  v_kinds text[];
begin
  select array_agg(distinct known.kind order by known.kind) into v_kinds
  from (
    -- The constraint itself is the list, so that there is no second one to keep in step.
    select (regexp_matches(pg_get_constraintdef(existing.oid), '''([a-z0-9_]+)''', 'g'))[1]
    from pg_catalog.pg_constraint as existing
    where existing.conrelid = 'public.background_jobs'::regclass
      and existing.conname = 'background_jobs_kind_is_known'
    union
    select unnest(p_kinds)
  ) as known (kind);
  alter table public.background_jobs drop constraint background_jobs_kind_is_known;
  execute format(
    'alter table public.background_jobs add constraint background_jobs_kind_is_known check (kind in (%s))',
    (select string_agg(quote_literal(kind), ', ') from unnest(v_kinds) as kind)
  );
end
$$;
revoke all on function private.add_job_kinds(text[]) from public, anon, authenticated, service_role;

create trigger background_jobs_touch_updated_at before update on public.background_jobs
  for each row execute function private.touch_updated_at();

alter table public.background_jobs enable row level security;
revoke all on table public.background_jobs from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.background_jobs to service_role;
create policy "only the service role reaches background_jobs" on public.background_jobs
  for all to service_role using (true) with check (true);

-- Per kind, the lane that was served last: the next claim begins behind it.
create table public.background_job_turns (
  kind text not null,
  lane uuid not null default '00000000-0000-0000-0000-000000000000',
  served_at timestamptz not null default now(),
  constraint background_job_turns_pkey primary key (kind)
);

alter table public.background_job_turns enable row level security;
revoke all on table public.background_job_turns from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.background_job_turns to service_role;
create policy "only the service role reaches background_job_turns" on public.background_job_turns
  for all to service_role using (true) with check (true);

-- Half a minute, doubling up to an hour, a tenth more or less, so that what failed together doesn't
-- come back together. p_failures: how many so far, at least one.
create function private.backoff(p_failures integer) returns interval
language plpgsql volatile set search_path = '' as $$
begin
  return make_interval(
    secs => least(3600, 30 * power(2, least(greatest(p_failures, 1), 12) - 1)) * (0.9 + 0.2 * random())
  );
end
$$;
revoke all on function private.backoff(integer) from public, anon, authenticated;
grant execute on function private.backoff(integer) to service_role;

-- Answers whether a job was added: false when one like it is live.
create function private.queue_job(
  p_kind text,
  p_org_id uuid,
  p_dedupe_key text,
  p_payload jsonb,
  p_available_at timestamptz default now()
) returns boolean
language plpgsql set search_path = '' as $$
begin
  insert into public.background_jobs (kind, org_id, dedupe_key, payload, available_at)
  values (p_kind, p_org_id, p_dedupe_key, coalesce(p_payload, '{}'), p_available_at)
  on conflict (kind, org_id, dedupe_key) where state in ('queued', 'claimed') and dedupe_key is not null
  do nothing;
  return found;
end
$$;
revoke all on function private.queue_job(text, uuid, text, jsonb, timestamptz) from public, anon, authenticated;
grant execute on function private.queue_job(text, uuid, text, jsonb, timestamptz) to service_role;

-- Our record of an assistant: what it should be (revisioned) and what was last applied at Vapi.

create table public.agents (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  role text not null,

  -- Desired. Whoever changes one of these makes a new revision.
  name text not null,
  system_prompt text not null,
  first_message text not null,
  voice text not null,
  voice_provider text not null,
  voice_stability numeric(4, 3),
  voice_similarity_boost numeric(4, 3),
  language text not null default 'en',
  max_call_duration integer not null default 600,
  vapi_phone_number_id text,
  revision integer not null default 1,

  state text not null default 'draft',
  activation_mode text not null default 'limited',

  -- Applied.
  vapi_assistant_id text,
  sync_status text not null default 'queued',
  sync_queued_at timestamptz default now(),
  sync_failed_at timestamptz,
  last_synced_at timestamptz,
  sync_error text,
  consecutive_failures integer not null default 0,
  applied_hash text,
  applied_key_fingerprint text,
  applied_revision integer,
  applied jsonb,
  -- The oldest attempt to create an assistant whose outcome isn't known: one made since may be ours.
  create_intended_at timestamptz,

  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agents_pkey primary key (id),
  constraint agents_org_id_id_unique unique (org_id, id),
  constraint agents_org_id_fkey foreign key (org_id)
    references public.organizations (id) on delete cascade,
  constraint agents_role_is_known check (role in ('inbound', 'outbound')),
  constraint agents_name_is_1_to_40_characters check (char_length(name) between 1 and 40),
  constraint agents_language_is_a_tag check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  constraint agents_voice_stability_is_0_to_1 check (voice_stability between 0 and 1),
  constraint agents_voice_similarity_boost_is_0_to_1 check (voice_similarity_boost between 0 and 1),
  constraint agents_max_call_duration_is_60_to_43200_seconds check (max_call_duration between 60 and 43200),
  constraint agents_state_is_known check (state in ('draft', 'active', 'paused', 'error')),
  constraint agents_activation_mode_is_known check (activation_mode in ('limited', 'full')),
  constraint agents_sync_status_is_known check (sync_status in ('queued', 'synced', 'failed')),
  constraint agents_sync_status_has_its_timestamp check (
    case sync_status
      when 'queued' then sync_queued_at is not null
      when 'synced' then last_synced_at is not null
      else sync_failed_at is not null
    end
  ),
  constraint agents_consecutive_failures_is_not_negative check (consecutive_failures >= 0)
);
create index idx_agents_org_role on public.agents (org_id, role);
-- The worker looks for what isn't in step with Vapi.
create index agents_waiting_for_sync_idx on public.agents (org_id)
  where sync_status in ('queued', 'failed');

create trigger agents_touch_updated_at before update on public.agents
  for each row execute function private.touch_updated_at();

alter table public.agents enable row level security;
revoke all on table public.agents from public, anon, authenticated, service_role;
-- Neither what was last given to Vapi nor the fingerprint of the key that it was given with. A migration
-- that adds a column for members to read grants it by name.
grant select (
  id, org_id, role, name, system_prompt, first_message, voice, voice_provider, voice_stability,
  voice_similarity_boost, language, max_call_duration, vapi_phone_number_id, revision, state, activation_mode,
  vapi_assistant_id, sync_status, sync_queued_at, sync_failed_at, last_synced_at, sync_error,
  consecutive_failures, applied_hash, applied_revision, create_intended_at, created_at, updated_at
) on table public.agents to authenticated;
grant select, insert, update, delete on table public.agents to service_role;
create policy "members read the agents of their organizations" on public.agents
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

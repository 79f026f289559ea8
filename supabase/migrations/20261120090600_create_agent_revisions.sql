-- Every version of what an agent should be: who made it, when, why and what changed. Written by a
-- trigger, so that no writer can forget it.

create table public.agent_revisions (
  id uuid not null default gen_random_uuid(),
  org_id uuid not null,
  agent_id uuid not null,
  revision integer not null,
  snapshot jsonb not null,
  changed_columns text[] not null,
  actor text not null,
  reason text,
  created_at timestamptz not null default now(),
  constraint agent_revisions_pkey primary key (id),
  constraint agent_revisions_agent_fkey foreign key (org_id, agent_id)
    references public.agents (org_id, id) on delete cascade,
  constraint agent_revisions_agent_revision_unique unique (org_id, agent_id, revision)
);

-- The desired columns of an agent, and nothing else of it.
create function private.agent_snapshot(p_agent public.agents) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  return jsonb_build_object(
    'name', p_agent.name,
    'system_prompt', p_agent.system_prompt,
    'first_message', p_agent.first_message,
    'voice', p_agent.voice,
    'voice_provider', p_agent.voice_provider,
    'voice_stability', p_agent.voice_stability,
    'voice_similarity_boost', p_agent.voice_similarity_boost,
    'language', p_agent.language,
    'max_call_duration', p_agent.max_call_duration,
    'vapi_phone_number_id', p_agent.vapi_phone_number_id
  );
end
$$;
revoke all on function private.agent_snapshot(public.agents) from public, anon, authenticated;
grant execute on function private.agent_snapshot(public.agents) to service_role;

create function private.bump_agent_revision() returns trigger
language plpgsql set search_path = '' as $$
begin
  -- Nobody sets a revision: it counts what changed.
  new.revision := old.revision;
  if private.agent_snapshot(new) <> private.agent_snapshot(old) then
    new.revision := old.revision + 1;
    new.sync_status := 'queued';
    new.sync_queued_at := clock_timestamp();
  end if;
  return new;
end
$$;
revoke all on function private.bump_agent_revision() from public, anon, authenticated;

create trigger agents_bump_revision before update on public.agents
  for each row execute function private.bump_agent_revision();

-- Security definer: revisions are written by this trigger alone, nobody needs the right to write them.
create function private.record_agent_revision() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_after constant jsonb := private.agent_snapshot(new);
  v_before jsonb := '{}';
begin
  if tg_op = 'UPDATE' then
    v_before := private.agent_snapshot(old);
  end if;
  insert into public.agent_revisions (org_id, agent_id, revision, snapshot, changed_columns, actor, reason)
  values (
    new.org_id,
    new.id,
    new.revision,
    v_after,
    array(
      select changed.key
      from jsonb_each(v_after) as changed
      where changed.value is distinct from v_before -> changed.key
      order by changed.key
    ),
    private.current_actor(),
    nullif(current_setting('app.reason', true), '')
  );
  return null;
end
$$;
revoke all on function private.record_agent_revision() from public, anon, authenticated;

create trigger agents_record_first_revision after insert on public.agents
  for each row execute function private.record_agent_revision();
create trigger agents_record_revision after update on public.agents
  for each row when (old.revision is distinct from new.revision)
  execute function private.record_agent_revision();

alter table public.agent_revisions enable row level security;
revoke all on table public.agent_revisions from public, anon, authenticated, service_role;
grant select on table public.agent_revisions to authenticated;
grant select on table public.agent_revisions to service_role;
create policy "members read the revisions of their organizations' agents" on public.agent_revisions
  for select to authenticated
  using (org_id = any ((select private.my_organization_ids('member'))::uuid[]));

-- Ready-made agents, the same for every organization: what an agent made from one starts with, and
-- what "back to the default" means for it afterwards.

create table public.agent_templates (
  id uuid not null default gen_random_uuid(),
  key text not null,
  language text not null,
  role text not null,
  name text not null,
  description text not null,
  -- Desired columns of an agent. In its texts {organization} stands for the organization's name. `model`
  -- holds what differs from the product's own ({provider, model, temperature}).
  defaults jsonb not null,
  -- Columns of organization_settings that must be filled in before an agent can do what its prompt says.
  required_settings text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_templates_pkey primary key (id),
  constraint agent_templates_role_key_language_unique unique (role, key, language),
  constraint agent_templates_key_is_snake_case check (key ~ '^[a-z][a-z0-9_]{0,49}$'),
  constraint agent_templates_language_is_a_tag check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  constraint agent_templates_role_is_known check (role in ('inbound', 'outbound')),
  constraint agent_templates_name_is_1_to_80_characters check (char_length(name) between 1 and 80),
  constraint agent_templates_defaults_make_an_agent check (
    jsonb_typeof(defaults) = 'object'
    and defaults ?& array['name', 'system_prompt', 'first_message', 'voice', 'voice_provider', 'language', 'max_call_duration']
    and defaults - array[
      'name', 'system_prompt', 'first_message', 'voice', 'voice_provider', 'voice_stability',
      'voice_similarity_boost', 'language', 'max_call_duration', 'model'
    ] = '{}'
  ),
  constraint agent_templates_required_settings_are_known check (
    required_settings <@ array[
      'business_hours', 'quiet_hours', 'time_zone', 'fallback_text', 'transfer_number', 'test_numbers', 'template_names'
    ]
  )
);

create trigger agent_templates_touch_updated_at before update on public.agent_templates
  for each row execute function private.touch_updated_at();

alter table public.agent_templates enable row level security;
revoke all on table public.agent_templates from public, anon, authenticated, service_role;
grant select on table public.agent_templates to authenticated;
grant select, insert, update, delete on table public.agent_templates to service_role;
create policy "everybody signed in reads the templates" on public.agent_templates
  for select to authenticated using (true);

alter table public.agents
  add column template_id uuid,
  -- What differs from the product's own model: {provider, model, temperature}, each optional.
  add column model jsonb,
  add constraint agents_template_id_fkey foreign key (template_id) references public.agent_templates (id),
  add constraint agents_model_is_an_object check (jsonb_typeof(model) = 'object');
create index agents_template_id_idx on public.agents (template_id);
grant select (template_id, model) on table public.agents to authenticated;

-- The template and the model are desired as well. Left out where there is none, so that the agents
-- that were there before are what they were.
create or replace function private.agent_snapshot(p_agent public.agents) returns jsonb
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
  ) || jsonb_strip_nulls(jsonb_build_object('template_id', p_agent.template_id, 'model', p_agent.model));
end
$$;

-- The keys in which two snapshots differ, one that has gone included.
create function private.changed_columns(p_before jsonb, p_after jsonb) returns text[]
language plpgsql immutable set search_path = '' as $$
begin
  return array(
    select changed.key
    from jsonb_object_keys(p_before || p_after) as changed (key)
    where p_after -> changed.key is distinct from p_before -> changed.key
    order by changed.key
  );
end
$$;
revoke all on function private.changed_columns(jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.changed_columns(jsonb, jsonb) to service_role;

-- Security definer: revisions are written by this trigger alone, nobody needs the right to write them.
create or replace function private.record_agent_revision() returns trigger
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
    new.org_id, new.id, new.revision, v_after, private.changed_columns(v_before, v_after),
    private.current_actor(), nullif(current_setting('app.reason', true), '')
  );
  return null;
end
$$;

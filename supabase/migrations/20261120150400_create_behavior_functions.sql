-- What a dashboard changes of its agents: field by field, in one transaction, against the revision it saw.

-- Whether the organization has a Vapi account to push to.
create function private.is_vapi_connected(p_org_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return exists (
    select 1
    from public.integrations as integration
    where integration.org_id = p_org_id and integration.provider = 'vapi' and integration.connected
  );
end
$$;
revoke all on function private.is_vapi_connected(uuid) from public, anon, authenticated;
grant execute on function private.is_vapi_connected(uuid) to service_role;

-- The revision that a change expects of one agent: null for any, else it must be exactly that.
create function private.expected_revision(p_if_match jsonb, p_role text) returns integer
language plpgsql immutable set search_path = '' as $$
begin
  return case jsonb_typeof(p_if_match)
    when 'number' then p_if_match #>> '{}'
    when 'object' then p_if_match ->> p_role
  end::integer;
end
$$;
revoke all on function private.expected_revision(jsonb, text) from public, anon, authenticated;
grant execute on function private.expected_revision(jsonb, text) to service_role;

-- p_changes: {role: {set: {column: value}, reset: [column]}}, of an agent's desired columns.
-- 'updated' {agents: [{role, id, revision, changed, created}], vapi_connected} |
-- 'revision_mismatch' {role, revision} and nothing is written; the revision is 0 where there is no agent.
-- Agents are locked in the order of their roles, so that two changes never wait for each other.
create function private.change_agents(
  p_org_id uuid,
  p_request_id text,
  p_operation text,
  p_audit_action text,
  p_changes jsonb,
  p_if_match jsonb
) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_connected constant boolean := private.is_vapi_connected(p_org_id);
  v_role text;
  v_change jsonb;
  v_agent public.agents;
  v_wanted public.agents;
  v_revision integer;
  v_changed text[];
  v_created boolean;
  v_agents jsonb := '[]';
begin
  perform 1
  from public.agents as agent
  where agent.org_id = p_org_id and p_changes ? agent.role
  order by agent.role
  for update;
  for v_role in select change.role from jsonb_object_keys(p_changes) as change (role) order by change.role loop
    select agent.revision into v_revision
    from public.agents as agent
    where agent.org_id = p_org_id and agent.role = v_role;
    if coalesce(v_revision, 0) <> private.expected_revision(p_if_match, v_role) then
      return jsonb_build_object('code', 'revision_mismatch', 'role', v_role, 'revision', coalesce(v_revision, 0));
    end if;
  end loop;

  for v_role, v_change in
    select change.role, change.value from jsonb_each(p_changes) as change (role, value) order by change.role
  loop
    v_changed := '{}';
    select * into v_agent
    from public.agents as agent
    where agent.org_id = p_org_id and agent.role = v_role
    for update;
    v_created := not found;
    if v_created then
      v_agent := private.create_agent(
        p_org_id, v_role, private.built_in_agent_defaults(v_role) || coalesce(v_change -> 'set', '{}')
      );
      if v_agent.id is null then
        -- Somebody made it in this very moment.
        v_created := false;
        select * into strict v_agent
        from public.agents as agent
        where agent.org_id = p_org_id and agent.role = v_role
        for update;
      end if;
    end if;

    if not v_created then
      v_wanted := jsonb_populate_record(v_agent, coalesce((
        select jsonb_object_agg(standard.key, standard.value)
        from jsonb_each(private.agent_defaults(v_agent)) as standard
        where v_change -> 'reset' ? standard.key
      ), '{}') || coalesce(v_change -> 'set', '{}'));
      v_changed := private.changed_columns(private.agent_snapshot(v_agent), private.agent_snapshot(v_wanted));
      if v_changed <> '{}' then
        update public.agents as agent
        set name = v_wanted.name,
            system_prompt = v_wanted.system_prompt,
            first_message = v_wanted.first_message,
            voice = v_wanted.voice,
            voice_provider = v_wanted.voice_provider,
            voice_stability = v_wanted.voice_stability,
            voice_similarity_boost = v_wanted.voice_similarity_boost,
            language = v_wanted.language,
            max_call_duration = v_wanted.max_call_duration,
            vapi_phone_number_id = v_wanted.vapi_phone_number_id,
            template_id = v_wanted.template_id,
            model = v_wanted.model
        where agent.id = v_agent.id
        returning * into v_agent;
      end if;
    end if;

    if v_created or v_changed <> '{}' then
      select revision.changed_columns into v_changed
      from public.agent_revisions as revision
      where revision.org_id = p_org_id and revision.agent_id = v_agent.id and revision.revision = v_agent.revision;
      perform private.record_audit(
        p_org_id, p_audit_action, v_role, p_request_id,
        jsonb_build_object(
          'agent_id', v_agent.id, 'revision', v_agent.revision, 'changed', v_changed, 'created', v_created,
          'reason', nullif(current_setting('app.reason', true), '')
        )
      );
      if v_connected then
        -- Whoever saves pushes at once; this is for what dies on the way.
        perform private.queue_job(
          'sync_agent', p_org_id, v_role, jsonb_build_object('role', v_role), clock_timestamp() + interval '1 minute'
        );
      end if;
    end if;
    v_agents := v_agents || jsonb_build_object(
      'role', v_role, 'id', v_agent.id, 'revision', v_agent.revision, 'changed', v_changed, 'created', v_created
    );
  end loop;

  perform private.record_event(
    p_org_id, p_operation, 'succeeded', p_request_id, null, jsonb_build_object('agents', v_agents)
  );
  return jsonb_build_object('code', 'updated', 'agents', v_agents, 'vapi_connected', v_connected);
end
$$;
revoke all on function private.change_agents(uuid, text, text, text, jsonb, jsonb) from public, anon, authenticated;
grant execute on function private.change_agents(uuid, text, text, text, jsonb, jsonb) to service_role;

-- {org_id, user_id, request_id, if_match: revision | {role: revision} | null, reason|null,
--  changes: {inbound|outbound: {set: {column: value}, reset: [column]}}} -> as private.change_agents.
-- A column that is reset goes back to the default of the template that the agent was made from. An agent
-- that doesn't exist is made.
create function public.update_agent_behavior(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_changes constant jsonb := coalesce(nullif(request -> 'changes', 'null'), '{}');
  v_columns constant text[] := array[
    'name', 'system_prompt', 'first_message', 'voice', 'voice_provider', 'voice_stability',
    'voice_similarity_boost', 'language', 'max_call_duration', 'vapi_phone_number_id'
  ];
  v_refused text;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  perform set_config('app.reason', coalesce(request ->> 'reason', ''), true);

  select min(named.place) into v_refused
  from jsonb_each(v_changes) as change (role, value)
  cross join lateral (
    select change.role as place where change.role not in ('inbound', 'outbound')
    union all
    select concat_ws('.', change.role, named_column.name)
    from (
      select jsonb_object_keys(coalesce(change.value -> 'set', '{}'))
      union all
      select jsonb_array_elements_text(coalesce(change.value -> 'reset', '[]'))
    ) as named_column (name)
    where named_column.name <> all (v_columns)
      or (named_column.name = 'vapi_phone_number_id' and change.role <> 'outbound')
  ) as named;
  if v_refused is not null then
    raise exception 'Cannot update "%": an agent has no such thing to change', v_refused
      using errcode = 'invalid_parameter_value';
  end if;

  return private.change_agents(
    (request ->> 'org_id')::uuid, request ->> 'request_id', 'agent_behavior', 'agent_updated',
    v_changes, request -> 'if_match'
  );
end
$$;
revoke all on function public.update_agent_behavior(jsonb) from public, anon, authenticated;
grant execute on function public.update_agent_behavior(jsonb) to service_role;

-- Assistants at Vapi that carry our metadata and no row knows: which ones are known, and one taken over.

-- {org_id} -> 'listed' {agents: [{role, agent_id, vapi_assistant_id}]}.
create function public.list_known_assistants(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return jsonb_build_object('code', 'listed', 'agents', coalesce((
    select jsonb_agg(
      jsonb_build_object('role', agent.role, 'agent_id', agent.id, 'vapi_assistant_id', agent.vapi_assistant_id)
      order by agent.role
    )
    from public.agents as agent
    where agent.org_id = (request ->> 'org_id')::uuid
  ), '[]'));
end
$$;
revoke all on function public.list_known_assistants(jsonb) from public, anon, authenticated;
grant execute on function public.list_known_assistants(jsonb) to service_role;

-- {org_id, user_id, request_id, role, vapi_assistant_id} -> 'adopted' {agent_id, previous_assistant_id|null} |
-- 'taken': another agent's already | 'held' {retry_after_seconds}: the agent is being synced | 'not_found'.
-- The agent is queued for a sync that makes the assistant what it should be.
create function public.adopt_assistant(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_role constant text := request ->> 'role';
  v_assistant_id constant text := request ->> 'vapi_assistant_id';
  v_resource constant text := 'agent_sync:' || v_role;
  v_lease record;
  v_agent public.agents;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  if not exists (
    select 1 from public.agents as agent where agent.org_id = v_org_id and agent.role = v_role
  ) then
    return jsonb_build_object('code', 'not_found');
  end if;
  -- A sync in work would write the assistant that it knows over this one.
  v_lease := private.claim_lease(v_org_id, v_resource, coalesce(request ->> 'request_id', 'unknown'), 30);
  if v_lease.fencing_token is null then
    return jsonb_build_object(
      'code', 'held', 'retry_after_seconds', private.lease_retry_after_seconds(v_org_id, v_resource)
    );
  end if;
  perform private.release_lease(v_org_id, v_resource, v_lease.fencing_token);

  select * into strict v_agent
  from public.agents as agent
  where agent.org_id = v_org_id and agent.role = v_role
  for update;
  if exists (
    select 1 from public.agents as other where other.vapi_assistant_id = v_assistant_id and other.id <> v_agent.id
  ) then
    return jsonb_build_object('code', 'taken');
  end if;
  if v_agent.vapi_assistant_id is distinct from v_assistant_id then
    update public.agents as agent
    set vapi_assistant_id = v_assistant_id,
        applied_hash = null,
        create_intended_at = null,
        sync_status = 'queued',
        sync_queued_at = clock_timestamp()
    where agent.id = v_agent.id;
    if private.is_vapi_connected(v_org_id) then
      perform private.queue_job(
        'sync_agent', v_org_id, v_role, jsonb_build_object('role', v_role), clock_timestamp() + interval '1 minute'
      );
    end if;
    perform private.record_audit(
      v_org_id, 'assistant_adopted', v_role, request ->> 'request_id',
      jsonb_build_object(
        'agent_id', v_agent.id, 'vapi_assistant_id', v_assistant_id, 'previous_assistant_id', v_agent.vapi_assistant_id
      )
    );
  end if;
  return jsonb_build_object(
    'code', 'adopted', 'agent_id', v_agent.id, 'previous_assistant_id', v_agent.vapi_assistant_id
  );
end
$$;
revoke all on function public.adopt_assistant(jsonb) from public, anon, authenticated;
grant execute on function public.adopt_assistant(jsonb) to service_role;

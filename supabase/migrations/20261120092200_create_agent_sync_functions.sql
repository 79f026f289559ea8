-- Bringing one agent to Vapi: claim it, tell that an assistant is about to be made, record what came of it.

-- What a sync starts from: 'read' {agent, vapi, settings, voice_defaults} | 'not_connected' {agent} | 'not_found'.
create function private.read_agent_sync_state(p_org_id uuid, p_role text) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_agent jsonb;
  v_vapi jsonb;
begin
  select to_jsonb(agent) into v_agent
  from public.agents as agent
  where agent.org_id = p_org_id and agent.role = p_role;
  if v_agent is null then
    return jsonb_build_object('code', 'not_found');
  end if;

  select jsonb_build_object(
    'fingerprint', integration.fingerprint,
    'ciphertext', credential.ciphertext,
    'key_id', credential.key_id,
    'public_config', integration.public_config
  ) into v_vapi
  from public.integrations as integration
  join private.integration_credentials as credential
    on credential.org_id = integration.org_id and credential.provider = integration.provider
  where integration.org_id = p_org_id and integration.provider = 'vapi' and integration.connected;
  if v_vapi is null then
    return jsonb_build_object('code', 'not_connected', 'agent', v_agent);
  end if;

  return jsonb_build_object(
    'code', 'read',
    'agent', v_agent,
    'vapi', v_vapi,
    'settings', private.read_settings(p_org_id),
    'voice_defaults', (
      select config.value from public.app_config as config where config.key = 'voice_defaults'
    )
  );
end
$$;
revoke all on function private.read_agent_sync_state(uuid, text) from public, anon, authenticated;
grant execute on function private.read_agent_sync_state(uuid, text) to service_role;

-- {org_id, role} -> what a claim would answer, without claiming: for a dry run, and for a holder
-- that goes on with what changed meanwhile.
create function public.read_agent_sync(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return private.read_agent_sync_state((request ->> 'org_id')::uuid, request ->> 'role');
end
$$;
revoke all on function public.read_agent_sync(jsonb) from public, anon, authenticated;
grant execute on function public.read_agent_sync(jsonb) to service_role;

-- {org_id, role, request_id, claim_id?, lease_seconds} ->
-- 'claimed' {fencing_token, interrupted, agent, vapi, settings, voice_defaults} |
-- 'held' {retry_after_seconds}: the holder is told to go round once more |
-- 'not_connected' {agent} | 'not_found'. Repeated with its claim_id, a claim is the same claim.
create function public.claim_agent_sync(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_role constant text := request ->> 'role';
  v_resource constant text := 'agent_sync:' || v_role;
  v_holder constant text := concat_ws(':', coalesce(request ->> 'request_id', 'unknown'), request ->> 'claim_id');
  v_state jsonb;
  v_lease record;
begin
  perform set_config('app.actor', 'system', true);
  v_state := private.read_agent_sync_state(v_org_id, v_role);
  if v_state ->> 'code' <> 'read' then
    return v_state;
  end if;

  v_lease := private.claim_lease(v_org_id, v_resource, v_holder, (request ->> 'lease_seconds')::integer);
  if v_lease.fencing_token is null and request ->> 'claim_id' is not null then
    v_lease.fencing_token := private.repeat_claim(v_org_id, v_resource, v_holder);
    -- What the lost answer said about the holder before is lost as well.
    v_lease.interrupted := true;
  end if;
  if v_lease.fencing_token is null then
    -- The attempt has locked the lease, so the holder's record comes after this and sees it.
    update public.agents as agent
    set sync_status = 'queued', sync_queued_at = clock_timestamp()
    where agent.org_id = v_org_id and agent.role = v_role;
    return jsonb_build_object(
      'code', 'held', 'retry_after_seconds', private.lease_retry_after_seconds(v_org_id, v_resource)
    );
  end if;

  -- Again, now that nobody else syncs it: the holder before may have changed what was read above.
  v_state := private.read_agent_sync_state(v_org_id, v_role);
  if v_state ->> 'code' <> 'read' then
    perform private.release_lease(v_org_id, v_resource, v_lease.fencing_token);
    return v_state;
  end if;
  return v_state || jsonb_build_object(
    'code', 'claimed', 'fencing_token', v_lease.fencing_token, 'interrupted', v_lease.interrupted
  );
end
$$;
revoke all on function public.claim_agent_sync(jsonb) from public, anon, authenticated;
grant execute on function public.claim_agent_sync(jsonb) to service_role;

-- {org_id, role, fencing_token} -> 'recorded' {previous_intent_at|null, intended_at} | 'lease_lost'.
-- Written before an assistant is made: should the answer be lost, one made since then may be ours.
create function public.record_create_intent(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_role constant text := request ->> 'role';
  v_intended_at constant timestamptz := clock_timestamp();
  v_previous_intent_at timestamptz;
begin
  perform set_config('app.actor', 'system', true);
  if private.lock_lease(v_org_id, 'agent_sync:' || v_role, (request ->> 'fencing_token')::bigint) <> 'held' then
    return jsonb_build_object('code', 'lease_lost');
  end if;

  select agent.create_intended_at into v_previous_intent_at
  from public.agents as agent
  where agent.org_id = v_org_id and agent.role = v_role
  for update;
  if v_previous_intent_at is null then
    update public.agents as agent
    set create_intended_at = v_intended_at
    where agent.org_id = v_org_id and agent.role = v_role;
  end if;
  return jsonb_build_object(
    'code', 'recorded', 'previous_intent_at', v_previous_intent_at, 'intended_at', v_intended_at
  );
end
$$;
revoke all on function public.record_create_intent(jsonb) from public, anon, authenticated;
grant execute on function public.record_create_intent(jsonb) to service_role;

-- {org_id, role, request_id, fencing_token, outcome, revision, vapi_assistant_id|null, applied_hash|null,
--  applied_key_fingerprint|null, applied|null, actions, error|null, duration_ms, provider_calls} ->
-- 'recorded' {again} | 'lease_lost'. With `again` the lease is kept and extended: what should be moved
-- on since this was read, or somebody asked for a sync meanwhile.
create function public.record_agent_sync(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_role constant text := request ->> 'role';
  v_resource constant text := 'agent_sync:' || v_role;
  v_fencing_token constant bigint := (request ->> 'fencing_token')::bigint;
  v_failed constant boolean := request ->> 'outcome' = 'failed';
  v_revision constant integer := (request ->> 'revision')::integer;
  v_assistant_id constant text := request ->> 'vapi_assistant_id';
  v_lease text;
  v_claimed_at timestamptz;
  v_agent public.agents;
  v_again boolean;
begin
  perform set_config('app.actor', 'system', true);
  if request ->> 'outcome' not in ('synced', 'unchanged', 'failed') then
    raise exception 'Cannot record a sync: "%" is not an outcome', request ->> 'outcome'
      using errcode = 'invalid_parameter_value';
  end if;

  v_lease := private.lock_lease(v_org_id, v_resource, v_fencing_token);
  if v_lease = 'released' then
    return jsonb_build_object('code', 'recorded', 'again', false);
  end if;
  -- The calls were made, whoever holds the lease now.
  perform private.record_provider_calls(v_org_id, request -> 'provider_calls');
  if v_lease = 'lost' then
    return jsonb_build_object('code', 'lease_lost');
  end if;

  select lease.claimed_at into strict v_claimed_at
  from public.leases as lease
  where lease.org_id = v_org_id and lease.resource = v_resource;
  select * into strict v_agent
  from public.agents as agent
  where agent.org_id = v_org_id and agent.role = v_role
  for update;

  -- The key as well as the revision, so that an account changed meanwhile is never left behind.
  v_again := v_agent.revision > v_revision
    or (v_agent.sync_status = 'queued' and v_agent.sync_queued_at > v_claimed_at)
    or (not v_failed and exists (
      select 1 from public.integrations as integration
      where integration.org_id = v_org_id
        and integration.provider = 'vapi'
        and integration.connected
        and integration.fingerprint <> request ->> 'applied_key_fingerprint'
    ));

  if v_failed then
    update public.agents as agent
    set sync_status = 'failed',
        sync_failed_at = clock_timestamp(),
        sync_error = coalesce(request ->> 'error', 'unknown'),
        consecutive_failures = agent.consecutive_failures + 1,
        vapi_assistant_id = coalesce(v_assistant_id, agent.vapi_assistant_id),
        -- A new id answers what became of the attempt; the old one says nothing about it.
        create_intended_at = case
          when v_assistant_id is distinct from agent.vapi_assistant_id and v_assistant_id is not null then null
          else agent.create_intended_at
        end
    where agent.id = v_agent.id;
    perform private.queue_job(
      'sync_agent', v_org_id, v_role, jsonb_build_object('role', v_role),
      clock_timestamp() + private.backoff(v_agent.consecutive_failures + 1)
    );
  else
    update public.agents as agent
    set sync_status = case when v_again then 'queued' else 'synced' end,
        last_synced_at = clock_timestamp(),
        sync_error = null,
        consecutive_failures = 0,
        vapi_assistant_id = coalesce(v_assistant_id, agent.vapi_assistant_id),
        create_intended_at = case when v_assistant_id is null then agent.create_intended_at end,
        applied_hash = coalesce(request ->> 'applied_hash', agent.applied_hash),
        applied_key_fingerprint = coalesce(request ->> 'applied_key_fingerprint', agent.applied_key_fingerprint),
        applied = coalesce(nullif(request -> 'applied', 'null'), agent.applied),
        applied_revision = v_revision
    where agent.id = v_agent.id;
    if not v_again then
      -- A retry that waits has nothing left to do.
      update public.background_jobs as job
      set state = 'completed', completed_at = clock_timestamp()
      where job.org_id = v_org_id
        and job.kind = 'sync_agent'
        and job.dedupe_key = v_role
        and job.state = 'queued';
      perform public.resolve_alert(jsonb_build_object(
        'org_id', v_org_id, 'rule', 'job_dead_lettered', 'dedupe_key', 'sync_agent:' || v_role
      ));
    end if;
  end if;

  if v_again then
    -- A round of its own: what asks from here on is asking for the one after.
    update public.leases as lease
    set claimed_at = clock_timestamp()
    where lease.org_id = v_org_id and lease.resource = v_resource;
    perform private.extend_lease(v_org_id, v_resource, v_fencing_token);
  else
    perform private.release_lease(v_org_id, v_resource, v_fencing_token);
  end if;

  perform private.record_event(
    v_org_id,
    'agent_sync',
    case when v_failed then 'failed' else 'succeeded' end,
    request ->> 'request_id',
    (request ->> 'duration_ms')::numeric,
    jsonb_build_object(
      'role', v_role, 'outcome', request ->> 'outcome', 'revision', v_revision,
      'actions', request -> 'actions', 'error', request ->> 'error', 'again', v_again
    )
  );
  return jsonb_build_object('code', 'recorded', 'again', v_again);
end
$$;
revoke all on function public.record_agent_sync(jsonb) from public, anon, authenticated;
grant execute on function public.record_agent_sync(jsonb) to service_role;

-- {org_id} -> 'read' {agents, queued_jobs}: syncs that are waiting or running.
create function public.read_sync_status(request jsonb) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
begin
  return jsonb_build_object(
    'code', 'read',
    'agents', private.read_agents(v_org_id),
    'queued_jobs', (
      select count(*)
      from public.background_jobs as job
      where job.org_id = v_org_id and job.kind = 'sync_agent' and job.state in ('queued', 'claimed')
    )
  );
end
$$;
revoke all on function public.read_sync_status(jsonb) from public, anon, authenticated;
grant execute on function public.read_sync_status(jsonb) to service_role;

-- A sync's record also says when an agent has failed too often, and that it was seen to be in step.

-- {org_id, role, request_id, fencing_token, outcome, revision, vapi_assistant_id|null, applied_hash|null,
--  applied_key_fingerprint|null, applied|null, actions, error|null, duration_ms, provider_calls} ->
-- 'recorded' {again, state_changed: true where it did} | 'lease_lost'. With `again` the lease is kept and
-- extended: what should be moved on since this was read, or somebody asked for a sync meanwhile. Never after
-- a failure, whose queued retry goes on with whatever is wanted by then. The fifth failure in a row takes
-- the agent out of service, after which its number has to be bound anew.
create or replace function public.record_agent_sync(request jsonb) returns jsonb
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
  v_state_changed boolean := false;
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
  v_again := not v_failed and (
    v_agent.revision > v_revision
    or (v_agent.sync_status = 'queued' and v_agent.sync_queued_at > v_claimed_at)
    or exists (
      select 1 from public.integrations as integration
      where integration.org_id = v_org_id
        and integration.provider = 'vapi'
        and integration.connected
        and integration.fingerprint <> request ->> 'applied_key_fingerprint'
    )
  );

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
    v_state_changed := private.note_agent_failures(
      v_agent.id, 'sync', v_agent.consecutive_failures + 1, request ->> 'error'
    );
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
        applied_revision = v_revision,
        -- It was read back, which is all that a check for drift does.
        drift_claimed_at = case
          when request ->> 'outcome' = 'synced' then clock_timestamp()
          else agent.drift_claimed_at
        end
    where agent.id = v_agent.id;
    -- Without the hash of what was applied the sync had to look, whatever it found.
    if request ->> 'outcome' = 'synced' or v_agent.applied_hash is null then
      perform private.resolve_drift(v_org_id, v_role);
    end if;
    -- One out of service comes back by activation, which ends its alert; a draft needs none.
    if v_agent.state = 'draft' then
      perform public.resolve_alert(
        jsonb_build_object('org_id', v_org_id, 'rule', 'agent_in_error', 'dedupe_key', v_role)
      );
    end if;
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
  return jsonb_build_object('code', 'recorded', 'again', v_again)
    || case when v_state_changed then '{"state_changed": true}' else '{}' end::jsonb;
end
$$;

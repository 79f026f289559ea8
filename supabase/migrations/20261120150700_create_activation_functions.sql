-- Whether an agent takes calls: switched by people, and taken out of service when it keeps failing.

alter table public.agents
  add column state_changed_at timestamptz,
  -- Apart from consecutive_failures, which counts syncs: a sync that works says nothing about calls.
  add column consecutive_call_failures integer not null default 0,
  add constraint agents_consecutive_call_failures_is_not_negative check (consecutive_call_failures >= 0);
grant select (state_changed_at, consecutive_call_failures) on table public.agents to authenticated;

-- The fifth failure in a row takes an agent out of service. One that a person has paused stays paused:
-- that it takes no calls is already decided; so does a draft, but somebody is told. Answers whether the
-- state changed, after which its number has to be bound anew.
create function private.note_agent_failures(p_agent_id uuid, p_cause text, p_failures integer, p_error text)
returns boolean
language plpgsql set search_path = '' as $$
declare
  v_agent public.agents;
  v_is_draft boolean;
begin
  if p_failures < 5 then
    return false;
  end if;
  update public.agents as agent
  set state = case agent.state when 'draft' then 'draft' else 'error' end,
      state_changed_at = case agent.state when 'draft' then agent.state_changed_at else clock_timestamp() end
  where agent.id = p_agent_id
    -- Told once of a draft, whose state doesn't tell that it was.
    and (agent.state = 'active' or (agent.state = 'draft' and p_failures = 5))
  returning * into v_agent;
  if not found then
    return false;
  end if;
  v_is_draft := v_agent.state = 'draft';
  perform public.raise_alert(jsonb_build_object(
    'org_id', v_agent.org_id,
    'rule', 'agent_in_error',
    'dedupe_key', v_agent.role,
    'severity', 'critical',
    'message', format(
      case when v_is_draft then 'Cannot get the %s agent ready: %s %ss failed in a row'
      else 'Cannot keep the %s agent in service: %s %ss failed in a row' end,
      v_agent.role, p_failures, p_cause
    ),
    'details', jsonb_build_object('role', v_agent.role, 'cause', p_cause, 'failures', p_failures, 'error', p_error)
  ));
  if v_is_draft then
    return false;
  end if;
  perform private.record_audit(
    v_agent.org_id, 'agent_put_in_error', v_agent.role, null,
    jsonb_build_object('agent_id', v_agent.id, 'cause', p_cause, 'failures', p_failures)
  );
  return true;
end
$$;
revoke all on function private.note_agent_failures(uuid, text, integer, text) from public, anon, authenticated;
grant execute on function private.note_agent_failures(uuid, text, integer, text) to service_role;

-- How a call with the agent ended, to be told once for each call, in the transaction that finishes it.
-- Answers whether the agent's state changed.
create function private.record_agent_call(p_org_id uuid, p_agent_id uuid, p_failed boolean, p_error text)
returns boolean
language plpgsql set search_path = '' as $$
declare
  v_failures integer;
begin
  if not p_failed then
    update public.agents as agent
    set consecutive_call_failures = 0
    where agent.org_id = p_org_id and agent.id = p_agent_id and agent.consecutive_call_failures > 0;
    return false;
  end if;
  update public.agents as agent
  set consecutive_call_failures = agent.consecutive_call_failures + 1
  where agent.org_id = p_org_id and agent.id = p_agent_id
  returning agent.consecutive_call_failures into v_failures;
  return coalesce(private.note_agent_failures(p_agent_id, 'call', v_failures, p_error), false);
end
$$;
revoke all on function private.record_agent_call(uuid, uuid, boolean, text) from public, anon, authenticated;
grant execute on function private.record_agent_call(uuid, uuid, boolean, text) to service_role;

-- What keeps an agent from being activated: 'vapi_connection', 'assistant' (none in the connected
-- account, or deleted there), 'sync' (it isn't in step, so the assistant isn't what is wanted).
create function private.missing_for_activation(p_agent public.agents) returns text[]
language plpgsql stable set search_path = '' as $$
declare
  v_fingerprint text;
begin
  select integration.fingerprint into v_fingerprint
  from public.integrations as integration
  where integration.org_id = p_agent.org_id and integration.provider = 'vapi' and integration.connected;
  if not found then
    return array['vapi_connection'];
  end if;
  return array(
    select missing.name
    from (
      values
        (
          'assistant',
          p_agent.vapi_assistant_id is null
            or p_agent.applied_key_fingerprint is distinct from v_fingerprint
            or p_agent.drift_status is not distinct from 'missing'
        ),
        ('sync', p_agent.sync_status is distinct from 'synced')
    ) as missing (name, is_missing)
    where missing.is_missing
    order by missing.name
  );
end
$$;
revoke all on function private.missing_for_activation(public.agents) from public, anon, authenticated;
grant execute on function private.missing_for_activation(public.agents) to service_role;

-- {org_id, user_id, request_id, role, state: 'active'|'paused', mode: 'limited'|'full'|null} ->
-- 'set' {agent, changed} | 'not_ready' {missing} | 'not_found'. Without a mode the agent keeps its own. A
-- draft that is paused stays a draft: it takes no calls. Activation forgets the failures before it, and
-- ends their alert; a pause repairs nothing.
create function public.set_agent_activation(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_role constant text := request ->> 'role';
  v_state constant text := request ->> 'state';
  v_mode text := request ->> 'mode';
  v_before public.agents;
  v_agent public.agents;
  v_missing text[];
  v_changed boolean;
begin
  perform set_config('app.actor', coalesce(nullif(request ->> 'user_id', ''), 'system'), true);
  if v_state is null or v_state not in ('active', 'paused') then
    raise exception 'Cannot set an agent''s activation: "%" is not a state to choose', v_state
      using errcode = 'invalid_parameter_value';
  end if;

  select * into v_before
  from public.agents as agent
  where agent.org_id = v_org_id and agent.role = v_role
  for update;
  if not found then
    return jsonb_build_object('code', 'not_found');
  end if;
  if v_state = 'paused' and v_before.state = 'draft' then
    return jsonb_build_object('code', 'set', 'agent', to_jsonb(v_before), 'changed', false);
  end if;
  if v_state = 'active' then
    v_missing := private.missing_for_activation(v_before);
    if v_missing <> '{}' then
      return jsonb_build_object('code', 'not_ready', 'missing', to_jsonb(v_missing));
    end if;
  else
    v_mode := null;
  end if;

  v_mode := coalesce(v_mode, v_before.activation_mode);
  v_changed := (v_before.state, v_before.activation_mode) <> (v_state, v_mode);
  update public.agents as agent
  set state = v_state,
      activation_mode = v_mode,
      state_changed_at = case when v_changed then clock_timestamp() else agent.state_changed_at end,
      consecutive_failures = case when v_state = 'active' then 0 else agent.consecutive_failures end,
      consecutive_call_failures = case when v_state = 'active' then 0 else agent.consecutive_call_failures end,
      sync_error = case when v_state = 'active' then null else agent.sync_error end
  where agent.id = v_before.id
  returning * into v_agent;

  if v_state = 'active' then
    perform public.resolve_alert(
      jsonb_build_object('org_id', v_org_id, 'rule', 'agent_in_error', 'dedupe_key', v_role)
    );
  end if;
  if v_changed then
    perform private.record_audit(
      v_org_id, case v_state when 'active' then 'agent_activated' else 'agent_paused' end, v_role,
      request ->> 'request_id',
      jsonb_build_object('agent_id', v_agent.id, 'state_before', v_before.state, 'mode', v_mode)
    );
  end if;
  perform private.record_event(
    v_org_id, 'agent_activation', 'succeeded', request ->> 'request_id', null,
    jsonb_build_object('role', v_role, 'state', v_state, 'mode', v_mode, 'changed', v_changed)
  );
  return jsonb_build_object('code', 'set', 'agent', to_jsonb(v_agent), 'changed', v_changed);
end
$$;
revoke all on function public.set_agent_activation(jsonb) from public, anon, authenticated;
grant execute on function public.set_agent_activation(jsonb) to service_role;

-- Agents out of step with Vapi that nobody is working on. One given up on is tried again a day later,
-- or at once when it was asked for again. And those whose number doesn't go where it should ({rebind: true}):
-- a pause, an activation or another assistant must not be forgotten when the process dies that was to
-- tell Vapi, or Vapi doesn't listen. Those are jobs of their own, which a sync neither stands for nor
-- ends; one given up on is tried again an hour later, or at once when the agent changed since.
create or replace function private.queue_due_sync_agent() returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  with due as (
    select agent.org_id, agent.role, agent.sync_failed_at, agent.sync_status, agent.consecutive_failures, false as rebind
    from public.agents as agent
    join public.integrations as integration
      on integration.org_id = agent.org_id and integration.provider = 'vapi' and integration.connected
    where agent.sync_status in ('queued', 'failed')
      and not exists (
        select 1
        from public.leases as lease
        where lease.org_id = agent.org_id
          and lease.resource in ('workspace_save', 'agent_sync:' || agent.role)
          and lease.released_at is null
          and lease.expires_at > clock_timestamp()
      )
      and not exists (
        select 1
        from public.background_jobs as job
        where job.org_id = agent.org_id
          and job.kind = 'sync_agent'
          and job.dedupe_key = agent.role
          and (
            job.state in ('queued', 'claimed')
            or job.dead_lettered_at > greatest(agent.sync_queued_at, now() - interval '1 day')
          )
      )
    limit 5000
  ), misbound as (
    select agent.org_id, agent.role, agent.sync_failed_at, 'queued' as sync_status, agent.consecutive_failures, true as rebind
    from public.integrations as integration
    join public.agents as agent on agent.org_id = integration.org_id and agent.role = 'inbound'
    where integration.provider = 'vapi'
      and integration.connected
      and integration.public_config ? 'number'
      -- Whom it should reach, as the binding decides it; null: our webhook.
      and case
        when agent.state = 'active'
          and agent.activation_mode = 'full'
          and agent.applied_key_fingerprint = integration.fingerprint
        then agent.vapi_assistant_id
      end is distinct from case
        when not integration.public_config -> 'number' ? 'server_hash'
        then coalesce(integration.public_config #>> '{number,assistant_id}', 'unknown')
      end
      and exists (
        select 1
        from public.integrations as twilio
        where twilio.org_id = agent.org_id and twilio.provider = 'twilio' and twilio.connected
      )
      and not exists (
        select 1
        from public.leases as lease
        where lease.org_id = agent.org_id
          and lease.resource in ('workspace_save', 'agent_sync:' || agent.role)
          and lease.released_at is null
          and lease.expires_at > clock_timestamp()
      )
      and not exists (
        select 1
        from public.background_jobs as job
        where job.org_id = agent.org_id
          and job.kind = 'sync_agent'
          and job.dedupe_key = agent.role || ':rebind'
          and (
            job.state in ('queued', 'claimed')
            or job.dead_lettered_at > greatest(agent.state_changed_at, agent.last_synced_at, now() - interval '1 hour')
          )
      )
    limit 5000
  ), queued as (
    select private.queue_job(
      'sync_agent', due.org_id, due.role || case when due.rebind then ':rebind' else '' end,
      jsonb_build_object('role', due.role)
        || case when due.rebind then jsonb_build_object('rebind', true) else '{}' end,
      case
        when due.sync_status = 'failed' then due.sync_failed_at + private.backoff(due.consecutive_failures)
        else now()
      end
    ) as added
    from (select * from misbound union all select * from due) as due
  )
  select count(*) filter (where queued.added) into v_count from queued;
  return v_count;
end
$$;
-- Those with a number, looked through every minute.
create index integrations_with_number_idx on public.integrations (org_id)
  where provider = 'vapi' and connected and public_config ? 'number';

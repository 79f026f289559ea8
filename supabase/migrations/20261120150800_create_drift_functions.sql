-- Whether the assistants at Vapi still are what was applied: who is due, one check at a time with the
-- sync of the same agent, and what came of it.

alter table public.agents
  -- When Vapi was last asked, or last shown to be in step by a sync; the next check is reckoned from it.
  add column drift_claimed_at timestamptz,
  add column drift_checked_at timestamptz,
  add column drift_status text,
  add column drifted_at timestamptz,
  -- [{field, applied, actual}] of a drift that stands.
  add column drift_differences jsonb,
  add constraint agents_drift_status_is_known check (drift_status in ('in_step', 'drifted', 'missing')),
  add constraint agents_drifted_has_its_timestamp
    check (coalesce(drift_status in ('drifted', 'missing'), false) = (drifted_at is not null)),
  add constraint agents_drift_differences_is_a_list check (jsonb_typeof(drift_differences) = 'array');
grant select (drift_status, drift_checked_at, drifted_at, drift_differences) on table public.agents to authenticated;
create index agents_drift_due_idx on public.agents ((coalesce(drift_claimed_at, '-infinity'::timestamptz)))
  where sync_status = 'synced' and vapi_assistant_id is not null;

do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into public.app_config (key, value) values ('drift_check_minutes', '360') on conflict (key) do nothing;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;

-- Each agent's interval is between three and five quarters of app_config['drift_check_minutes'], always
-- the same for one agent, so that what was synced together isn't checked together.
create function private.drift_share(p_agent_id uuid) returns double precision
language plpgsql immutable set search_path = '' as $$
begin
  return 0.75 + 0.5 * (hashtextextended(p_agent_id::text, 0) & 1023) / 1023.0;
end
$$;
revoke all on function private.drift_share(uuid) from public, anon, authenticated;
grant execute on function private.drift_share(uuid) to service_role;

-- The agents whose check is due, the longest unchecked first: synced, in a connected account, and in
-- nobody's hands. The index has them in this order; without statistics PostgreSQL would sort all of them.
create function private.due_drift_checks(p_limit integer) returns table (org_id uuid, role text)
language plpgsql stable set search_path = '' set enable_sort = off as $$
declare
  v_minutes double precision := 360;
  v_interval interval;
begin
  select (config.value #>> '{}')::double precision into v_minutes
  from public.app_config as config
  where config.key = 'drift_check_minutes' and jsonb_typeof(config.value) = 'number';
  v_interval := make_interval(secs => greatest(coalesce(v_minutes, 360), 0) * 60);

  return query
  select agent.org_id, agent.role
  from public.agents as agent
  where agent.sync_status = 'synced'
    and agent.vapi_assistant_id is not null
    -- What no agent can be due before, which the index answers; then what this one isn't.
    and coalesce(agent.drift_claimed_at, '-infinity'::timestamptz) <= now() - v_interval * 0.75
    and coalesce(agent.drift_claimed_at, '-infinity'::timestamptz) <= now() - v_interval * private.drift_share(agent.id)
    and exists (
      select 1
      from public.integrations as integration
      where integration.org_id = agent.org_id and integration.provider = 'vapi' and integration.connected
    )
    and not exists (
      select 1
      from public.leases as lease
      where lease.org_id = agent.org_id
        and lease.resource in ('workspace_save', 'agent_sync:' || agent.role)
        and lease.released_at is null
        and lease.expires_at > clock_timestamp()
    )
  order by coalesce(agent.drift_claimed_at, '-infinity'::timestamptz)
  limit p_limit;
end
$$;
revoke all on function private.due_drift_checks(integer) from public, anon, authenticated;
grant execute on function private.due_drift_checks(integer) to service_role;

-- {limit, lease_seconds, worker_id} -> 'claimed' {checks: [{org_id, role, fencing_token, agent, vapi, settings,
-- voice_defaults}]}, at most 100. Each comes under the lease of its agent's sync, so that the two never
-- meet, and with what a sync begins with. An organization has two agents, so a page goes round many.
create function public.claim_drift_checks(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_limit constant integer := least(greatest((request ->> 'limit')::integer, 0), 100);
  v_due record;
  v_lease record;
  v_state jsonb;
  v_checks jsonb := '[]';
begin
  perform set_config('app.actor', 'system', true);
  -- Claims take turns, so that two never ask for the same leases in another order.
  perform pg_advisory_xact_lock(hashtext('public.claim_drift_checks'));

  for v_due in select due.org_id, due.role from private.due_drift_checks(v_limit) as due loop
    v_lease := private.claim_lease(
      v_due.org_id, 'agent_sync:' || v_due.role, coalesce(request ->> 'worker_id', 'unknown'),
      (request ->> 'lease_seconds')::integer
    );
    continue when v_lease.fencing_token is null;
    -- As it is now that nobody else syncs it.
    v_state := private.read_agent_sync_state(v_due.org_id, v_due.role);
    if v_state ->> 'code' <> 'read'
      or v_state #>> '{agent,sync_status}' <> 'synced'
      or v_state #>> '{agent,vapi_assistant_id}' is null then
      perform private.release_lease(v_due.org_id, 'agent_sync:' || v_due.role, v_lease.fencing_token);
      continue;
    end if;
    v_checks := v_checks || ((v_state - 'code') || jsonb_build_object(
      'org_id', v_due.org_id, 'role', v_due.role, 'fencing_token', v_lease.fencing_token
    ));
  end loop;

  -- After all the leases: whoever records holds a lease first and then asks for its agent. Already now, so
  -- that a check that kills its worker isn't the first again and again.
  update public.agents as agent
  set drift_claimed_at = clock_timestamp()
  where agent.id = any (array(
    select (claimed.value #>> '{agent,id}')::uuid from jsonb_array_elements(v_checks) as claimed
  ));
  return jsonb_build_object('code', 'claimed', 'checks', v_checks);
end
$$;
revoke all on function public.claim_drift_checks(jsonb) from public, anon, authenticated;
grant execute on function public.claim_drift_checks(jsonb) to service_role;

create function private.resolve_drift(p_org_id uuid, p_role text) returns void
language plpgsql set search_path = '' as $$
begin
  update public.agents as agent
  set drift_status = 'in_step', drift_checked_at = clock_timestamp(), drifted_at = null, drift_differences = null
  where agent.org_id = p_org_id and agent.role = p_role;
  perform public.resolve_alert(
    jsonb_build_object('org_id', p_org_id, 'rule', 'assistant_drifted', 'dedupe_key', p_role)
  );
end
$$;
revoke all on function private.resolve_drift(uuid, text) from public, anon, authenticated;
grant execute on function private.resolve_drift(uuid, text) to service_role;

-- {org_id, role, request_id, fencing_token, outcome: 'in_step'|'drifted'|'missing'|'failed',
--  differences: [{field, applied, actual}], repaired, error|null, duration_ms|null, provider_calls} ->
-- 'recorded' {policy, sync_queued} | 'lease_lost'. Gives the lease back. Where the organization wants
-- drift repaired and the check didn't do it, the agent is queued for a sync that looks at Vapi; so is one
-- that somebody wanted synced meanwhile.
create function public.record_drift_check(request jsonb) returns jsonb
language plpgsql set search_path = '' as $$
declare
  v_org_id constant uuid := (request ->> 'org_id')::uuid;
  v_role constant text := request ->> 'role';
  v_resource constant text := 'agent_sync:' || v_role;
  v_fencing_token constant bigint := (request ->> 'fencing_token')::bigint;
  v_outcome constant text := request ->> 'outcome';
  v_differences constant jsonb := coalesce(nullif(request -> 'differences', 'null'), '[]');
  v_repaired constant boolean := coalesce((request ->> 'repaired')::boolean, false);
  v_policy text;
  v_lease text;
  v_agent public.agents;
  v_sync_queued boolean;
begin
  perform set_config('app.actor', 'system', true);
  if v_outcome is null or v_outcome not in ('in_step', 'drifted', 'missing', 'failed') then
    raise exception 'Cannot record a drift check: "%" is not an outcome', v_outcome
      using errcode = 'invalid_parameter_value';
  end if;
  select settings.drift_policy into v_policy
  from public.organization_settings as settings
  where settings.org_id = v_org_id;

  v_lease := private.lock_lease(v_org_id, v_resource, v_fencing_token);
  if v_lease = 'released' then
    return jsonb_build_object('code', 'recorded', 'policy', v_policy, 'sync_queued', false);
  end if;
  perform private.record_provider_calls(v_org_id, request -> 'provider_calls');
  if v_lease = 'lost' then
    return jsonb_build_object('code', 'lease_lost');
  end if;
  select * into strict v_agent
  from public.agents as agent
  where agent.org_id = v_org_id and agent.role = v_role
  for update;

  if v_outcome = 'in_step' or (v_outcome <> 'failed' and v_repaired) then
    perform private.resolve_drift(v_org_id, v_role);
  elsif v_outcome <> 'failed' then
    update public.agents as agent
    set drift_status = v_outcome,
        drift_checked_at = clock_timestamp(),
        drifted_at = coalesce(agent.drifted_at, clock_timestamp()),
        drift_differences = v_differences,
        -- What was applied no longer is: a sync has to look, even though nothing changed here.
        -- So does the next one, whoever asks for it, where there is nothing left.
        applied_hash = case when v_policy = 'repair' or v_outcome = 'missing' then null else agent.applied_hash end,
        sync_status = case v_policy when 'repair' then 'queued' else agent.sync_status end,
        sync_queued_at = case v_policy when 'repair' then clock_timestamp() else agent.sync_queued_at end
    where agent.id = v_agent.id
    returning * into v_agent;
    perform public.raise_alert(jsonb_build_object(
      'org_id', v_org_id,
      'rule', 'assistant_drifted',
      'dedupe_key', v_role,
      'severity', case v_outcome when 'missing' then 'critical' else 'warning' end,
      'message', case v_outcome
        when 'missing' then format('Cannot find the %s assistant at Vapi: it was deleted there', v_role)
        else format(
          'Cannot confirm the %s assistant: it was changed at Vapi in %s',
          v_role,
          (select string_agg(difference.value ->> 'field', ', ') from jsonb_array_elements(v_differences) as difference)
        )
      end,
      'details', jsonb_build_object(
        'role', v_role, 'vapi_assistant_id', v_agent.vapi_assistant_id, 'differences', v_differences, 'policy', v_policy
      )
    ));
  end if;

  v_sync_queued := v_agent.sync_status = 'queued';
  if v_sync_queued then
    perform private.queue_job('sync_agent', v_org_id, v_role, jsonb_build_object('role', v_role));
  end if;
  -- That all is as it was is no news.
  if v_outcome <> 'in_step' or coalesce(v_agent.drift_status, 'in_step') <> 'in_step' then
    perform private.record_event(
      v_org_id,
      'drift_check',
      case v_outcome when 'failed' then 'failed' else 'succeeded' end,
      request ->> 'request_id',
      (request ->> 'duration_ms')::numeric,
      jsonb_build_object(
        'role', v_role, 'outcome', v_outcome, 'differences', v_differences, 'repaired', v_repaired,
        'policy', v_policy, 'error', request ->> 'error'
      )
    );
  end if;
  perform private.release_lease(v_org_id, v_resource, v_fencing_token);
  return jsonb_build_object('code', 'recorded', 'policy', v_policy, 'sync_queued', v_sync_queued);
end
$$;
revoke all on function public.record_drift_check(jsonb) from public, anon, authenticated;
grant execute on function public.record_drift_check(jsonb) to service_role;

do $$
declare
  v_kinds text[];
begin
  -- The kinds that are there already, whichever migrations brought them and however they wrote it.
  select array_agg(distinct known.kind[1]) || 'check_drift'::text into v_kinds
  from pg_catalog.pg_constraint as existing
  cross join lateral regexp_matches(pg_get_constraintdef(existing.oid), '[''{,]([a-z_]+)(?=[''},])', 'g') as known (kind)
  where existing.conrelid = 'public.background_jobs'::regclass
    and existing.conname = 'background_jobs_kind_is_known';
  alter table public.background_jobs drop constraint background_jobs_kind_is_known;
  execute format(
    'alter table public.background_jobs add constraint background_jobs_kind_is_known check (kind in (%s))',
    (select string_agg(distinct quote_literal(kind), ', ') from unnest(v_kinds) as kind)
  );
end
$$;

-- One job for all organizations, which pages through what is due.
create function private.queue_due_check_drift() returns integer
language plpgsql set search_path = '' as $$
begin
  if not exists (select 1 from private.due_drift_checks(1)) then
    return 0;
  end if;
  return private.queue_job('check_drift', null, 'all', '{}')::integer;
end
$$;
revoke all on function private.queue_due_check_drift() from public, anon, authenticated;
grant execute on function private.queue_due_check_drift() to service_role;

do $$
begin
  if exists (select 1 from pg_catalog.pg_extension as installed where installed.extname = 'pg_cron') then
    perform private.schedule_worker('check_drift', '*/5 * * * *');
  end if;
end
$$;

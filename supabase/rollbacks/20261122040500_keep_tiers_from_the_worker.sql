-- Data: none of it is touched. The worker syncs, repairs and pushes for organizations whose tiers are off again.
create or replace function private.queue_job(
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
create or replace function private.due_drift_checks(p_limit integer) returns table (org_id uuid, role text)
language plpgsql stable set search_path = '' set enable_sort = off as $$
declare
  v_minutes double precision := 360;
  v_interval interval;
  v_calls double precision := 60;
begin
  select (config.value #>> '{}')::double precision into v_minutes
  from public.app_config as config
  where config.key = 'drift_check_minutes' and jsonb_typeof(config.value) = 'number';
  select (config.value #>> '{}')::double precision into v_calls
  from public.app_config as config
  where config.key = 'vapi_calls_per_minute' and jsonb_typeof(config.value) = 'number';
  v_calls := coalesce(v_calls, 60);
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
    and private.recent_provider_calls(agent.org_id, 'vapi') < v_calls / 2
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
create or replace function private.queue_due_sync_knowledge() returns integer
language plpgsql set search_path = '' as $$
declare
  -- Not asked for row by row: only what is fixed can be looked up in an index.
  v_now constant timestamptz := clock_timestamp();
  v_count integer;
begin
  with due as (
    select sync.org_id
    from public.knowledge_syncs as sync
    join public.integrations as integration
      on integration.org_id = sync.org_id and integration.provider = 'vapi' and integration.connected
    where sync.due_at <= v_now
      and not exists (
        select 1 from public.leases as lease
        where lease.org_id = sync.org_id and lease.resource = 'knowledge_sync'
          and lease.released_at is null and lease.expires_at > v_now
      )
      and not exists (
        select 1 from public.background_jobs as job
        where job.org_id = sync.org_id and job.kind = 'sync_knowledge' and job.dedupe_key = 'knowledge'
          and job.state in ('queued', 'claimed')
      )
    order by sync.due_at
    limit 5000
  ), queued as (
    select private.queue_job('sync_knowledge', due.org_id, 'knowledge', '{}') as added from due
  )
  select count(*) filter (where queued.added) into v_count from queued;
  return v_count;
end
$$;
create or replace function private.queue_due_push_workspace() returns integer
language plpgsql set search_path = '' as $$
declare
  v_count integer;
begin
  with due as (
    select distinct outstanding.org_id
    from private.outstanding_pushes as outstanding
    where not exists (
        select 1
        from public.leases as lease
        where lease.org_id = outstanding.org_id
          and lease.resource = 'workspace_save'
          and lease.released_at is null
          and lease.expires_at > clock_timestamp()
      )
      and not exists (
        select 1
        from public.background_jobs as job
        where job.org_id = outstanding.org_id
          and job.kind = 'push_workspace'
          and job.dedupe_key = 'workspace'
          and (
            job.state in ('queued', 'claimed')
            or job.dead_lettered_at > greatest(outstanding.last_checked_at, now() - interval '1 day')
          )
      )
    limit 5000
  ), queued as (
    select private.queue_job('push_workspace', due.org_id, 'workspace', '{}') as added
    from due
  )
  select count(*) filter (where queued.added) into v_count from queued;
  return v_count;
end
$$;
drop function private.tier_reach(text);

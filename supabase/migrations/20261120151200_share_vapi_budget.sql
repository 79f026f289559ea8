-- What an organization may ask of Vapi in a minute, shared by everything that asks: each call is counted
-- with the work it belongs to, so the count is the budget's. Saves and syncs never wait for it; checks for
-- drift leave them half, and come again when the account is at rest.

do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into public.app_config (key, value) values ('vapi_calls_per_minute', '60') on conflict (key) do nothing;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;

-- In this minute and the one before.
create function private.recent_provider_calls(p_org_id uuid, p_provider text) returns bigint
language plpgsql stable set search_path = '' as $$
begin
  return coalesce((
    select sum(stats.call_count)
    from public.provider_call_stats as stats
    where stats.org_id = p_org_id
      and stats.minute >= date_trunc('minute', now(), 'UTC') - interval '1 minute'
      and stats.provider = p_provider
  ), 0);
end
$$;
revoke all on function private.recent_provider_calls(uuid, text) from public, anon, authenticated;
grant execute on function private.recent_provider_calls(uuid, text) to service_role;

-- The agents whose check is due, the longest unchecked first: synced, in a connected account that has
-- budget to spare, and in nobody's hands.
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

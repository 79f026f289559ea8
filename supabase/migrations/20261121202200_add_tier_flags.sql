-- Workspace saves, agent sync, knowledge base sync and Vapi handling are rolled out by organization, each by an
-- entry of its own: {enabled, rolloutPercent, allow[], deny[]}, organizations named by id. What a request
-- changes is refused outside of it, what it reads is not; Vapi's is read where calls are decided about.

-- As domain/rollout/is_tier_on.ts, by what is in force; where nothing was ever good, it is on.
create function private.is_tier_on(p_tier text, p_org_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_flags jsonb;
begin
  select kept.value into v_flags from private.app_config_in_force as kept where kept.key = p_tier;
  if v_flags -> 'enabled' = 'false' or coalesce(v_flags -> 'deny' ? p_org_id::text, false) then
    return false;
  end if;
  return coalesce(v_flags -> 'allow' ? p_org_id::text, false)
    or private.rollout_bucket(p_tier, p_org_id::text) <= coalesce(v_flags -> 'rolloutPercent', '100')::numeric;
end
$$;
revoke all on function private.is_tier_on(text, uuid) from public, anon, authenticated;
grant execute on function private.is_tier_on(text, uuid) to service_role;

-- A malformed value of these changes nothing either: the last good one stays in force.

-- Whether it is exactly what domain/rollout/is_tier_on.ts accepts. Both are tested with the cases of
-- supabase/tests/app_config/tier_cases.psql.
create function private.tier_flags_are_valid(p_value jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  v_percent constant jsonb := coalesce(p_value -> 'rolloutPercent', '100');
begin
  if jsonb_typeof(p_value) is distinct from 'object' then
    return false;
  elsif exists (
      select 1 from jsonb_object_keys(p_value) as member (name)
      where member.name not in ('enabled', 'rolloutPercent', 'allow', 'deny')
    )
    or jsonb_typeof(v_percent) <> 'number'
    or jsonb_typeof(coalesce(p_value -> 'enabled', 'true')) <> 'boolean' then
    return false;
  end if;
  return v_percent::numeric between 0 and 100
    and private.organization_ids_are_valid(p_value -> 'allow')
    and private.organization_ids_are_valid(p_value -> 'deny');
end
$$;
revoke all on function private.tier_flags_are_valid(jsonb) from public, anon, authenticated;
grant execute on function private.tier_flags_are_valid(jsonb) to service_role;

-- A list of organizations' ids, or none at all.
create function private.organization_ids_are_valid(p_value jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  if p_value is null then
    return true;
  elsif jsonb_typeof(p_value) <> 'array' then
    return false;
  end if;
  return not exists (
    select 1
    from jsonb_array_elements(p_value) as item
    where jsonb_typeof(item.value) <> 'string'
      or item.value #>> '{}' !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  );
end
$$;
revoke all on function private.organization_ids_are_valid(jsonb) from public, anon, authenticated;
grant execute on function private.organization_ids_are_valid(jsonb) to service_role;

-- As domain/legacy/parse_webhooks.ts; cases: supabase/tests/app_config/webhook_cases.psql.
create function private.legacy_webhooks_are_valid(p_value jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  if jsonb_typeof(p_value) is distinct from 'object' then
    return false;
  elsif jsonb_typeof(coalesce(p_value -> 'agents', '{}')) <> 'object' then
    return false;
  end if;
  return not exists (
      select 1 from jsonb_object_keys(p_value) as member (name) where member.name not in ('default', 'agents')
    )
    and not exists (
      select 1 from jsonb_object_keys(coalesce(p_value -> 'agents', '{}')) as agent (name)
      where agent.name not in (
        'marketplace', 'jobs', 'property', 'farmer', 'waiter', 'insurance', 'rides', 'sales', 'business_broker',
        'support'
      )
    )
    and not exists (
      select 1
      from (
        select coalesce(p_value -> 'default', 'null')
        union all
        select agent.value from jsonb_each(coalesce(p_value -> 'agents', '{}')) as agent
      ) as address (value)
      where address.value <> 'null' and (
        jsonb_typeof(address.value) <> 'string'
        or char_length(address.value #>> '{}') > 2048
        or address.value #>> '{}'
          !~ '^(https://([a-z0-9-]+\.)+[a-z][a-z0-9-]*|http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?)([/?][!-~]*)?$'
      )
    );
end
$$;
revoke all on function private.legacy_webhooks_are_valid(jsonb) from public, anon, authenticated;
grant execute on function private.legacy_webhooks_are_valid(jsonb) to service_role;

-- Security definer: what is in force is written by triggers alone.
create function private.keep_good_config() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_key constant text := case tg_op when 'DELETE' then old.key else new.key end;
  v_is_good boolean := false;
begin
  if tg_op <> 'DELETE' then
    v_is_good := case v_key
      when 'legacy_webhooks' then private.legacy_webhooks_are_valid(new.value)
      else private.tier_flags_are_valid(new.value)
    end;
  end if;
  if v_is_good then
    insert into private.app_config_in_force as kept (key, stored, value, revision)
    values (new.key, new.value, new.value, new.revision)
    on conflict (key) do update set
      stored = excluded.stored, value = excluded.value, revision = excluded.revision, taken_at = excluded.taken_at;
    perform public.resolve_alert(jsonb_build_object('rule', 'config_malformed', 'dedupe_key', v_key));
    return null;
  end if;
  perform public.raise_alert(jsonb_build_object(
    'rule', 'config_malformed',
    'dedupe_key', v_key,
    'severity', 'critical',
    'message', format('Cannot use "%s": the value is malformed, the last good one stays in force', v_key),
    'details', jsonb_build_object(
      'key', v_key,
      'changed_by', private.current_actor(),
      'revision', case when tg_op <> 'DELETE' then new.revision end,
      'in_force_revision', (select kept.revision from private.app_config_in_force as kept where kept.key = v_key)
    )
  ));
  return null;
end
$$;
revoke all on function private.keep_good_config() from public, anon, authenticated;

create trigger app_config_keep_inserted_config after insert on public.app_config
  for each row when (new.key = 'legacy_webhooks' or new.key like '%\_tier\_flags')
  execute function private.keep_good_config();
create trigger app_config_keep_updated_config after update on public.app_config
  for each row when (
    (new.key = 'legacy_webhooks' or new.key like '%\_tier\_flags') and old.value is distinct from new.value
  )
  execute function private.keep_good_config();
create trigger app_config_keep_deleted_config after delete on public.app_config
  for each row when (old.key = 'legacy_webhooks' or old.key like '%\_tier\_flags')
  execute function private.keep_good_config();

-- What is stored but not in force, because it is malformed or gone.
create function private.malformed_config() returns text[]
language plpgsql stable set search_path = '' as $$
begin
  return array(
    select known.key
    from unnest(array[
      'unified_service_flags', 'legacy_webhooks',
      'workspace_tier_flags', 'agent_tier_flags', 'knowledge_tier_flags', 'vapi_tier_flags'
    ]) as known (key)
    where not exists (
      select 1
      from public.app_config as config
      join private.app_config_in_force as kept on kept.key = config.key and kept.stored = config.value
      where config.key = known.key
    )
  );
end
$$;
revoke all on function private.malformed_config() from public, anon, authenticated;
grant execute on function private.malformed_config() to service_role;

-- Where the older service is: no address yet.
do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into public.app_config (key, value) values ('legacy_webhooks', '{"default": null, "agents": {}}')
  on conflict (key) do nothing;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;

-- A new installation has everything for everybody. Whoever rolls a tier out by stages has the plan beside it.
do $$
begin
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'Defaults of a new installation', true);
  insert into public.app_config (key, value)
  select tier.key, '{"enabled": true, "rolloutPercent": 100, "allow": [], "deny": []}'
  from unnest(array[
    'workspace_tier_flags', 'agent_tier_flags', 'knowledge_tier_flags', 'vapi_tier_flags'
  ]) as tier (key)
  on conflict (key) do nothing;
  insert into public.app_config (key, value) values ('tier_rollout_plan', '{
    "stages": [
      {"percent": 10, "dwellHours": 24},
      {"percent": 50, "dwellHours": 24},
      {"percent": 100, "dwellHours": 168}
    ]
  }')
  on conflict (key) do nothing;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;

-- {tier: a key of app_config} -> 'read' {now, in_force|null, is_valid, revision|null, plan|null,
--   changes: [{value|null, changed_at, actor, reason}] the newest first, at most 200}: how a tier is rolled out, and
--   how it came there. Who moves it is an operator: nothing here does so by itself.
create function public.read_tier_rollout(request jsonb) returns jsonb
language plpgsql stable set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_tier constant text := request ->> 'tier';
begin
  return jsonb_build_object(
    'code', 'read',
    'now', now(),
    'in_force', (select kept.value from private.app_config_in_force as kept where kept.key = v_tier),
    'is_valid', v_tier <> all (private.malformed_config()),
    'revision', (select config.revision from public.app_config as config where config.key = v_tier),
    'plan', (select config.value from public.app_config as config where config.key = 'tier_rollout_plan'),
    'changes', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'value', page.value_after, 'changed_at', page.changed_at, 'actor', page.actor, 'reason', page.reason
      ) order by page.changed_at desc, page.id desc), '[]')
      from (
        select change.*
        from public.app_config_history as change
        where change.key = v_tier
        order by change.changed_at desc, change.id desc
        limit 200
      ) as page
    )
  );
end
$$;
revoke all on function public.read_tier_rollout(jsonb) from public, anon, authenticated;
grant execute on function public.read_tier_rollout(jsonb) to service_role;

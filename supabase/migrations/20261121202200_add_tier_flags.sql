-- Workspace saves, agent sync, knowledge base sync and Vapi handling are rolled out by organization, each by an
-- entry of its own: {enabled, rolloutPercent, allow[], deny[]}, organizations named by id. What a request
-- changes is refused outside of it, what it reads is not; Vapi's is read where calls are decided about.

-- As domain/rollout/is_tier_on.ts: what is missing or malformed is on, so that a slip of an operator's
-- hand stops nobody's work.
create function private.is_tier_on(p_tier text, p_org_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_flags jsonb;
  v_percent jsonb;
begin
  select config.value into v_flags from public.app_config as config where config.key = p_tier;
  v_percent := coalesce(v_flags -> 'rolloutPercent', '100');
  if jsonb_typeof(v_flags) is distinct from 'object' or jsonb_typeof(v_percent) <> 'number'
    or jsonb_typeof(coalesce(v_flags -> 'enabled', 'true')) <> 'boolean'
    or not private.are_texts(v_flags -> 'allow') or not private.are_texts(v_flags -> 'deny') then
    return true;
  elsif v_percent::numeric not between 0 and 100 then
    return true;
  elsif v_flags -> 'enabled' = 'false' or coalesce(v_flags -> 'deny' ? p_org_id::text, false) then
    return false;
  end if;
  return coalesce(v_flags -> 'allow' ? p_org_id::text, false)
    or private.rollout_bucket(p_tier, p_org_id::text) <= v_percent::numeric;
end
$$;
revoke all on function private.is_tier_on(text, uuid) from public, anon, authenticated;
grant execute on function private.is_tier_on(text, uuid) to service_role;

-- A list of texts, or none at all.
create function private.are_texts(p_value jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  if p_value is null then
    return true;
  end if;
  return jsonb_typeof(p_value) = 'array' and not exists (
    select 1 from jsonb_array_elements(p_value) as item where jsonb_typeof(item.value) <> 'string'
  );
end
$$;
revoke all on function private.are_texts(jsonb) from public, anon, authenticated;
grant execute on function private.are_texts(jsonb) to service_role;

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
    "mode": "manual",
    "tiers": ["workspace_tier_flags", "agent_tier_flags", "knowledge_tier_flags", "vapi_tier_flags"],
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

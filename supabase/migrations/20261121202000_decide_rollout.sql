-- Who is inside the rollout, decided in the transaction that stores a message: what it decides is kept with
-- the message, whatever the flags are when somebody looks at it.

-- As domain/rollout/evaluate_flags.ts decides: the kill switch, the deny list, the allow list, then the
-- organization's percentage or everybody's. p_flags: valid ones; '{}' leaves everybody outside.
create function private.is_inside_rollout(p_flags jsonb, p_org_id uuid, p_rollout_key text) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  v_override constant jsonb := p_flags #> array['overrides', p_org_id::text];
  v_percent constant numeric :=
    coalesce(v_override -> 'unifiedServiceRolloutPercent', p_flags -> 'unifiedServiceRolloutPercent')::numeric;
begin
  if p_flags -> 'unifiedServiceEnabled' is distinct from 'true'
    or v_override -> 'unifiedServiceEnabled' = 'false'
    or coalesce(p_flags -> 'deny' ? p_rollout_key, false) then
    return false;
  elsif coalesce(p_flags -> 'allow' ? p_rollout_key, false) or v_percent >= 100 then
    return true;
  elsif coalesce(v_percent, 0) <= 0 or p_rollout_key is null then
    return false;
  end if;
  return private.rollout_bucket('unified_service_flags', p_rollout_key) <= v_percent;
end
$$;
revoke all on function private.is_inside_rollout(jsonb, uuid, text) from public, anon, authenticated;
grant execute on function private.is_inside_rollout(jsonb, uuid, text) to service_role;

-- Whether what is going on for a contact has to end: the kill switch is pulled or the deny list names them. A
-- percentage that was lowered is for what comes next.
create function private.is_switched_off(p_org_id uuid, p_contact_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
declare
  v_flags constant jsonb := private.flags_in_force();
begin
  if v_flags -> 'unifiedServiceEnabled' is distinct from 'true'
    or v_flags #> array['overrides', p_org_id::text, 'unifiedServiceEnabled'] = 'false' then
    return true;
  elsif coalesce(v_flags -> 'deny', '[]') = '[]' then
    return false;
  end if;
  return exists (
    select 1 from public.contacts as contact
    where contact.org_id = p_org_id and contact.id = p_contact_id and v_flags -> 'deny' ? contact.rollout_key
  );
end
$$;
revoke all on function private.is_switched_off(uuid, uuid) from public, anon, authenticated;
grant execute on function private.is_switched_off(uuid, uuid) to service_role;

-- True where no key of any organization can be outside, so that nobody has to be asked for.
create function private.is_everyone_inside(p_flags jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  if p_flags -> 'unifiedServiceEnabled' is distinct from 'true'
    or p_flags -> 'unifiedServiceRolloutPercent' is distinct from '100'
    or coalesce(p_flags -> 'deny', '[]') <> '[]' then
    return false;
  end if;
  return not exists (
    select 1
    from jsonb_each(coalesce(p_flags -> 'overrides', '{}')) as override
    where override.value -> 'unifiedServiceEnabled' = 'false'
      or override.value -> 'unifiedServiceRolloutPercent' <> '100'
  );
end
$$;
revoke all on function private.is_everyone_inside(jsonb) from public, anon, authenticated;
grant execute on function private.is_everyone_inside(jsonb) to service_role;

-- Whether somebody whom the percentage leaves outside is left there: not while a person of the organization
-- answers them or is waited for, which would cut a conversation off. The kill switch and the deny list do.
create function private.is_left_outside(p_flags jsonb, p_org_id uuid, p_contact_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  if p_flags -> 'unifiedServiceEnabled' is distinct from 'true'
    or p_flags #> array['overrides', p_org_id::text, 'unifiedServiceEnabled'] = 'false'
    or not exists (
      select 1 from public.hand_overs as open
      where open.org_id = p_org_id and open.contact_id = p_contact_id and open.state <> 'released'
    ) then
    return true;
  end if;
  return coalesce(p_flags -> 'deny' ? (
    select contact.rollout_key from public.contacts as contact where contact.id = p_contact_id
  ), false);
end
$$;
revoke all on function private.is_left_outside(jsonb, uuid, uuid) from public, anon, authenticated;
grant execute on function private.is_left_outside(jsonb, uuid, uuid) to service_role;

-- Whether there is an older service that gets what people outside write.
create function private.forwards_to_legacy(p_flags jsonb) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return p_flags -> 'outsideRollout' is distinct from '"ignore"' and exists (
    select 1
    from private.app_config_in_force as config
    where config.key = 'legacy_webhooks'
      and (
        jsonb_typeof(config.value -> 'default') = 'string'
        or jsonb_path_exists(config.value, '$.agents.* ? (@.type() == "string")')
      )
  );
end
$$;
revoke all on function private.forwards_to_legacy(jsonb) from public, anon, authenticated;
grant execute on function private.forwards_to_legacy(jsonb) to service_role;

-- A malformed value of the flags changes nothing: the last good one stays in force, for every isolate
-- of every function, and an alert is open for as long as what is stored can't be used.

-- Whether it is exactly what domain/rollout/parse_flags.ts accepts. Both are tested with the cases of
-- supabase/tests/app_config/flag_cases.psql.
create function private.flags_are_valid(p_value jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  v_agents constant text[] := array[
    'marketplace', 'jobs', 'property', 'farmer', 'waiter', 'insurance', 'rides', 'sales', 'business_broker', 'support'
  ];
  v_features constant text[] := array['crossDomainHandoffs', 'unifiedSearch', 'sharedPreferences', 'hybridFlows'];
  v_shared constant text[] := array['unifiedServiceEnabled', 'unifiedServiceRolloutPercent', 'agentFlags', 'features'];
  v_org_id text;
  v_override jsonb;
begin
  -- One after the other: a later question may be an error where an earlier answer was no.
  if not private.flag_members_are_valid(p_value, v_shared || array['allow', 'deny', 'overrides', 'outsideRollout'])
    or not p_value ?& v_shared then
    return false;
  end if;
  if not (p_value -> 'agentFlags') ?& v_agents or not (p_value -> 'features') ?& v_features
    or not private.rollout_keys_are_valid(p_value -> 'allow')
    or not private.rollout_keys_are_valid(p_value -> 'deny')
    or p_value -> 'outsideRollout' not in ('"forward"', '"ignore"')
    or jsonb_typeof(p_value -> 'overrides') <> 'object' then
    return false;
  end if;
  for v_org_id, v_override in
    select override.key, override.value from jsonb_each(p_value -> 'overrides') as override
  loop
    if v_org_id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      or not private.flag_members_are_valid(v_override, v_shared) then
      return false;
    end if;
  end loop;
  return true;
end
$$;
revoke all on function private.flags_are_valid(jsonb) from public, anon, authenticated;
grant execute on function private.flags_are_valid(jsonb) to service_role;

-- No member but those named, and each of the shared ones, where present, of its type.
create function private.flag_members_are_valid(p_value jsonb, p_names text[]) returns boolean
language plpgsql immutable set search_path = '' as $$
declare
  v_percent constant jsonb := p_value -> 'unifiedServiceRolloutPercent';
begin
  if jsonb_typeof(p_value) is distinct from 'object' then
    return false;
  elsif exists (select 1 from jsonb_object_keys(p_value) as member (name) where member.name <> all (p_names)) then
    return false;
  elsif v_percent is not null then
    if jsonb_typeof(v_percent) <> 'number' then
      return false;
    elsif v_percent::numeric not between 0 and 100 or v_percent::numeric % 1 <> 0 then
      return false;
    end if;
  end if;
  return (not p_value ? 'unifiedServiceEnabled' or jsonb_typeof(p_value -> 'unifiedServiceEnabled') = 'boolean')
    and private.switches_are_valid(p_value -> 'agentFlags', array[
      'marketplace', 'jobs', 'property', 'farmer', 'waiter', 'insurance', 'rides', 'sales', 'business_broker', 'support'
    ])
    and private.switches_are_valid(
      p_value -> 'features', array['crossDomainHandoffs', 'unifiedSearch', 'sharedPreferences', 'hybridFlows']
    );
end
$$;
revoke all on function private.flag_members_are_valid(jsonb, text[]) from public, anon, authenticated;
grant execute on function private.flag_members_are_valid(jsonb, text[]) to service_role;

create function private.switches_are_valid(p_value jsonb, p_names text[]) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  if p_value is null then
    return true;
  elsif jsonb_typeof(p_value) <> 'object' then
    return false;
  end if;
  return not exists (
    select 1
    from jsonb_each(p_value) as switch
    where switch.key <> all (p_names) or jsonb_typeof(switch.value) <> 'boolean'
  );
end
$$;
revoke all on function private.switches_are_valid(jsonb, text[]) from public, anon, authenticated;
grant execute on function private.switches_are_valid(jsonb, text[]) to service_role;

create function private.rollout_keys_are_valid(p_value jsonb) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  if p_value is null then
    return true;
  elsif jsonb_typeof(p_value) <> 'array' then
    return false;
  end if;
  return jsonb_array_length(p_value) <= 10000 and not exists (
    select 1
    from jsonb_array_elements(p_value) as entry (value)
    where jsonb_typeof(entry.value) <> 'string' or entry.value = '""'
  );
end
$$;
revoke all on function private.rollout_keys_are_valid(jsonb) from public, anon, authenticated;
grant execute on function private.rollout_keys_are_valid(jsonb) to service_role;

-- A person of the allow and deny lists as the contact's rollout key has it, however an operator wrote it: a
-- number is its digits. As domain/rollout/rollout_key.ts; cases: supabase/tests/app_config/rollout_keys.psql.
create function private.to_rollout_key(p_text text) returns text
language plpgsql immutable strict set search_path = '' as $$
declare
  v_spaces constant text := E' \t\n\r\u00a0\u2007\u202f';
  v_trimmed constant text := btrim(p_text, v_spaces);
begin
  if translate(v_trimmed, v_spaces || '+().-', '') ~ '^[0-9]+$' then
    return coalesce(private.phone_digits(v_trimmed), v_trimmed);
  end if;
  return v_trimmed;
end
$$;
revoke all on function private.to_rollout_key(text) from public, anon, authenticated;
grant execute on function private.to_rollout_key(text) to service_role;

-- What ingest and claims hand out: the stored value with its lists of people as rollout keys, or the last
-- good one where what is stored is malformed or gone.
create table private.app_config_in_force (
  key text not null,
  -- As it was stored, and as it is handed out.
  stored jsonb not null,
  value jsonb not null,
  -- Of app_config when the value was taken from there.
  revision integer not null,
  taken_at timestamptz not null default clock_timestamp(),
  constraint app_config_in_force_pkey primary key (key)
);
alter table private.app_config_in_force enable row level security;
revoke all on table private.app_config_in_force from public, anon, authenticated, service_role;
grant select on table private.app_config_in_force to service_role;
create policy "only the service role reads app_config_in_force" on private.app_config_in_force
  for select to service_role using (true);

-- Valid flags with rollout keys in both lists.
create function private.name_people(p_flags jsonb) returns jsonb
language plpgsql immutable set search_path = '' as $$
declare
  v_flags jsonb := p_flags;
  v_list text;
begin
  foreach v_list in array array['allow', 'deny'] loop
    if v_flags ? v_list then
      v_flags := jsonb_set(v_flags, array[v_list], coalesce((
        select jsonb_agg(private.to_rollout_key(person.value) order by person.place)
        from jsonb_array_elements_text(v_flags -> v_list) with ordinality as person (value, place)
      ), '[]'));
    end if;
  end loop;
  return v_flags;
end
$$;
revoke all on function private.name_people(jsonb) from public, anon, authenticated;
grant execute on function private.name_people(jsonb) to service_role;

-- Security definer: what is in force is written by this trigger alone.
create function private.keep_good_flags() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op <> 'DELETE' and private.flags_are_valid(new.value) then
    insert into private.app_config_in_force as kept (key, stored, value, revision)
    values (new.key, new.value, private.name_people(new.value), new.revision)
    on conflict (key) do update set
      stored = excluded.stored, value = excluded.value, revision = excluded.revision, taken_at = excluded.taken_at;
    perform public.resolve_alert('{"rule": "flags_malformed"}');
    return null;
  end if;
  perform public.raise_alert(jsonb_build_object(
    'rule', 'flags_malformed',
    'severity', 'critical',
    'message', 'Cannot use "unified_service_flags": the value is malformed, the last good one stays in force',
    'details', jsonb_build_object(
      'changed_by', private.current_actor(),
      'revision', case when tg_op <> 'DELETE' then new.revision end,
      'in_force_revision', (
        select kept.revision from private.app_config_in_force as kept where kept.key = 'unified_service_flags'
      )
    )
  ));
  return null;
end
$$;
revoke all on function private.keep_good_flags() from public, anon, authenticated;

create trigger app_config_keep_inserted_flags after insert on public.app_config
  for each row when (new.key = 'unified_service_flags') execute function private.keep_good_flags();
create trigger app_config_keep_updated_flags after update on public.app_config
  for each row when (new.key = 'unified_service_flags' and old.value is distinct from new.value)
  execute function private.keep_good_flags();
create trigger app_config_keep_deleted_flags after delete on public.app_config
  for each row when (old.key = 'unified_service_flags') execute function private.keep_good_flags();

-- What the functions' answers carry; null where no value was ever good: nobody is inside then.
create function private.flags_in_force() returns jsonb
language plpgsql stable set search_path = '' as $$
begin
  return (select kept.value from private.app_config_in_force as kept where kept.key = 'unified_service_flags');
end
$$;
revoke all on function private.flags_in_force() from public, anon, authenticated;
grant execute on function private.flags_in_force() to service_role;

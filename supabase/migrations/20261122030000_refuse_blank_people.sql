-- A blank entry of the lists of people names nobody. As a rollout key it is an empty text, which the functions
-- refuse: each that had never seen good flags switched everybody off. It is refused where it is written.

set local lock_timeout = '5s';

create or replace function private.rollout_keys_are_valid(p_value jsonb) returns boolean
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
    where jsonb_typeof(entry.value) <> 'string' or private.to_rollout_key(entry.value #>> '{}') = ''
  );
end
$$;

-- What is in force with such an entry goes on without it, and so does what is stored where it is the same: a
-- rollback writes it back, and a change by ops starts from it.
do $$
declare
  v_stored constant jsonb := (
    select kept.stored from private.app_config_in_force as kept where kept.key = 'unified_service_flags'
  );
  v_clean jsonb := v_stored;
  v_list text;
begin
  foreach v_list in array array['allow', 'deny'] loop
    if v_clean ? v_list then
      v_clean := jsonb_set(v_clean, array[v_list], coalesce((
        select jsonb_agg(person.value order by person.place)
        from jsonb_array_elements(v_clean -> v_list) with ordinality as person (value, place)
        where private.to_rollout_key(person.value #>> '{}') <> ''
      ), '[]'));
    end if;
  end loop;
  if v_clean = v_stored then
    return;
  end if;
  perform set_config('app.actor', 'migration', true);
  perform set_config('app.reason', 'A blank entry of a list of people names nobody', true);
  update public.app_config as config set value = v_clean
  where config.key = 'unified_service_flags' and config.value = v_stored;
  update private.app_config_in_force as kept set stored = v_clean, value = private.name_people(v_clean)
  where kept.key = 'unified_service_flags' and kept.stored = v_stored;
  perform set_config('app.actor', '', true);
  perform set_config('app.reason', '', true);
end
$$;

-- Data: none of it is touched. Blank entries that the migration took out of the lists of people stay out.
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
    where jsonb_typeof(entry.value) <> 'string' or entry.value = '""'
  );
end
$$;

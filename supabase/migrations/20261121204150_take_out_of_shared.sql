-- What erasing takes out of what stays: words out of what others were told, one organization's or one person's
-- part out of what is several's.

-- Matches a number or a word as a whole: the number of one person may be the beginning of another's.
create function private.whole_words(p_words text[]) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return '(^|[^0-9A-Za-z])(' || (
    select string_agg(regexp_replace(word, '([][\\.*+?(){}|^$])', '\\\1', 'g'), '|' order by char_length(word) desc, word)
    from unnest(p_words) as word
  ) || ')(?![0-9A-Za-z])';
end
$$;
revoke all on function private.whole_words(text[]) from public, anon, authenticated;
grant execute on function private.whole_words(text[]) to service_role;

-- Numbers of nine digits and more as people write them to each other, with spaces, dots, dashes and brackets in
-- them; null where none is so long.
create function private.written_numbers(p_words text[]) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return (
    select string_agg(regexp_replace(word, '([0-9])(?!$)', e'\\1[ \u00a0\u202f.()/\u2010-\u2013-]*', 'g'), '|')
    from unnest(p_words) as word
    where word ~ '^[0-9]{9,}$'
  );
end
$$;
revoke all on function private.written_numbers(text[]) from public, anon, authenticated;
grant execute on function private.written_numbers(text[]) to service_role;

-- Matches whole words, and numbers as they are written, but for the end of a longer one that is written so.
create function private.written_words(p_words text[]) returns text
language plpgsql immutable set search_path = '' as $$
declare
  v_between constant text := e'[ \u00a0\u202f.()/\u2010-\u2013-]';
begin
  return replace(
    private.whole_words(p_words), ')(?![0-9A-Za-z])',
    coalesce('|(?<![0-9]{2}' || v_between || '{1,3})(?:(?:00|011)' || v_between || '*)?(?:' || private.written_numbers(p_words) || ')', '')
      || ')(?![0-9A-Za-z])'
  );
end
$$;
revoke all on function private.written_words(text[]) from public, anon, authenticated;
grant execute on function private.written_words(text[]) to service_role;

-- Matches wherever the one above does, and elsewhere, in a tenth of the time.
create function private.likely_words(p_words text[]) returns text
language plpgsql immutable set search_path = '' as $$
begin
  return concat_ws('|', private.whole_words(p_words), private.written_numbers(p_words));
end
$$;
revoke all on function private.likely_words(text[]) from public, anon, authenticated;
grant execute on function private.likely_words(text[]) to service_role;

-- A value of jsonb with these words taken out of every text inside it.
create function private.redact(p_value jsonb, p_words text[]) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  case jsonb_typeof(p_value)
    when 'string' then
      return to_jsonb(regexp_replace(p_value #>> '{}', private.written_words(p_words), '\1[erased]', 'g'));
    when 'array' then
      return (
        select coalesce(jsonb_agg(private.redact(item.value, p_words) order by item.place), '[]')
        from jsonb_array_elements(p_value) with ordinality as item (value, place)
      );
    when 'object' then
      return (
        select coalesce(jsonb_object_agg(item.key, private.redact(item.value, p_words)), '{}')
        from jsonb_each(p_value) as item
      );
    else
      return p_value;
  end case;
end
$$;
revoke all on function private.redact(jsonb, text[]) from public, anon, authenticated;
grant execute on function private.redact(jsonb, text[]) to service_role;

-- A list of what concerns contacts, without what concerns these.
create function private.without_contacts(p_list jsonb, p_contact_ids uuid[]) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(item.value order by item.place), '[]')
    from jsonb_array_elements(p_list) with ordinality as item (value, place)
    where item.value ->> 'contact_id' is null or not (item.value ->> 'contact_id')::uuid = any (p_contact_ids)
  );
end
$$;
revoke all on function private.without_contacts(jsonb, uuid[]) from public, anon, authenticated;
grant execute on function private.without_contacts(jsonb, uuid[]) to service_role;

-- Of a list whose members each name their organization.
create function private.names_organization(p_list jsonb, p_org_id uuid) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return p_list @> jsonb_build_array(jsonb_build_object('org_id', p_org_id));
end
$$;
create function private.others_than(p_list jsonb, p_org_id uuid) returns jsonb
language plpgsql immutable set search_path = '' as $$
begin
  return (
    select coalesce(jsonb_agg(item.value order by item.place), '[]')
    from jsonb_array_elements(p_list) with ordinality as item (value, place)
    where item.value ->> 'org_id' is distinct from p_org_id::text
  );
end
$$;
create function private.names_other_organization(p_list jsonb, p_org_id uuid) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  return private.others_than(p_list, p_org_id) <> '[]';
end
$$;
do $$
declare
  v_function text;
begin
  foreach v_function in array array['names_organization', 'names_other_organization', 'others_than'] loop
    execute format('revoke all on function private.%I(jsonb, uuid) from public, anon, authenticated', v_function);
    execute format('grant execute on function private.%I(jsonb, uuid) to service_role', v_function);
  end loop;
end
$$;

-- A delivery's body without what came to the numbers that p_list names of this organization; empty where it
-- can't be read, since then nobody can tell whose it is.
create function private.body_of_others(p_body bytea, p_list jsonb, p_org_id uuid) returns bytea
language plpgsql stable set search_path = '' as $$
declare
  v_delivery jsonb;
begin
  if p_body is null then
    return null;
  end if;
  v_delivery := convert_from(p_body, 'utf8')::jsonb;
  return convert_to(jsonb_build_object('object', v_delivery -> 'object', 'entry', (
    select coalesce(jsonb_agg(entry.value || jsonb_build_object('changes', kept.changes) order by entry.place), '[]')
    from jsonb_array_elements(v_delivery -> 'entry') with ordinality as entry (value, place)
    cross join lateral (
      select jsonb_agg(change.value order by change.place) as changes
      from jsonb_array_elements(entry.value -> 'changes') with ordinality as change (value, place)
      where not p_list @> jsonb_build_array(jsonb_build_object(
        'org_id', p_org_id, 'phone_number_id', change.value #> '{value,metadata,phone_number_id}'
      ))
    ) as kept
    where kept.changes is not null
  ))::text, 'utf8');
exception
  when data_exception then
    return '';
end
$$;
revoke all on function private.body_of_others(bytea, jsonb, uuid) from public, anon, authenticated;
grant execute on function private.body_of_others(bytea, jsonb, uuid) to service_role;

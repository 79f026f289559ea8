-- Data: none of it is touched. An erasure by contact id whose last page is full ends without a record again.
create or replace function private.erase_person_page(p_org_id uuid, p_person jsonb, p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_left integer := p_limit;
  v_count integer;
  v_counts jsonb := '{}';
  v_place record;
begin
  for v_place in select * from private.places_of(p_person) as listed order by listed.place loop
    v_count := private.erase_rows(
      v_place.table_name, v_place.condition, v_place.change, private.key_of(v_place.table_name), p_org_id, p_person, v_left
    );
    if v_count > 0 then
      v_counts := v_counts || jsonb_build_object(
        v_place.table_name, coalesce((v_counts ->> v_place.table_name)::integer, 0) + v_count
      );
      v_left := v_left - v_count;
    end if;
    if v_left <= 0 then
      return jsonb_build_object('counts', v_counts, 'done', false);
    end if;
  end loop;
  return jsonb_build_object('counts', v_counts, 'done', true);
end
$$;

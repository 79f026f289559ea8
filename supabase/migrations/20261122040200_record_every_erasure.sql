-- The contacts of a person go together, in the transaction that records the erasure, whatever the limit has left: else
-- a page that used it up just there left nobody for the next one to find, and no record.
-- Security definer: history may be added to by the service role and not taken away, but for erasing.
create or replace function private.erase_person_page(p_org_id uuid, p_person jsonb, p_limit integer) returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  v_left integer := p_limit;
  v_count integer;
  v_counts jsonb := '{}';
  v_place record;
  -- By these the person is found: with one of them gone, another call could find nobody, or half of them.
  v_last constant text[] := array['public.contacts', 'public.contact_identities'];
begin
  for v_place in select * from private.places_of(p_person) as listed order by listed.place loop
    v_count := private.erase_rows(
      v_place.table_name, v_place.condition, v_place.change, private.key_of(v_place.table_name), p_org_id, p_person,
      case when v_place.table_name = any (v_last) then 2147483647 else v_left end
    );
    if v_count > 0 then
      v_counts := v_counts || jsonb_build_object(
        v_place.table_name, coalesce((v_counts ->> v_place.table_name)::integer, 0) + v_count
      );
      v_left := v_left - v_count;
    end if;
    if v_left <= 0 and not v_place.table_name = any (v_last) then
      return jsonb_build_object('counts', v_counts, 'done', false);
    end if;
  end loop;
  return jsonb_build_object('counts', v_counts, 'done', true);
end
$$;
